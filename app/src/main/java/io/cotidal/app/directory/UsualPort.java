package io.cotidal.app.directory;

import io.cotidal.engine.MemberSource;
import io.cotidal.model.Found;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;

/** Gives members of whose port their source says nothing the port that the operator wrote. */
public final class UsualPort implements MemberSource {
  private final MemberSource source;
  private final int port;

  private UsualPort(MemberSource source, int port) {
    this.source = source;
    this.port = port;
  }

  /**
   * The source with that port.
   *
   * @param port 0 leaves the source as it is
   */
  public static MemberSource of(MemberSource source, int port) {
    return port == 0 ? source : new UsualPort(source, port);
  }

  @Override
  public SourceAnswer ask(Duration patience) {
    return switch (source.ask(patience)) {
      case SourceAnswer.Unavailable unavailable -> unavailable;
      case SourceAnswer.Members members ->
          new SourceAnswer.Members(members.found().stream().map(this::ported).toList());
    };
  }

  private Found ported(Found found) {
    return found.attributes().has(Found.PORT)
        ? found
        : new Found(found.id(), found.attributes().with(Found.PORT, port));
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public void close() {
    source.close();
  }
}
