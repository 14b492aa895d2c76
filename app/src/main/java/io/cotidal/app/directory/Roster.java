package io.cotidal.app.directory;

import io.cotidal.directory.plan.DirectoryKind;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.engine.MemberSource;
import io.cotidal.model.Found;
import io.cotidal.model.SourceAnswer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A source's last good answer, for those who reach members by name; before it, what the
 * configuration says. Members of whose port the source says nothing get the one that the operator
 * wrote. Thread-safe.
 */
public final class Roster implements MemberSource, Supplier<DirectorySpec> {
  private final MemberSource source;
  private final DirectoryKind kind;
  private final int port;
  private volatile DirectorySpec spec;

  /**
   * Nobody has been asked yet.
   *
   * @param port 0 for the protocol's usual one
   */
  public Roster(MemberSource source, DirectoryKind kind, DirectorySpec spec, int port) {
    this.source = source;
    this.kind = kind;
    this.spec = spec;
    this.port = port;
  }

  @Override
  public SourceAnswer ask(Duration patience) {
    return switch (source.ask(patience)) {
      case SourceAnswer.Unavailable unavailable -> unavailable;
      case SourceAnswer.Members members -> {
        List<Found> found = members.found().stream().map(this::ported).toList();
        spec = kind.withMembers(spec, found);
        yield new SourceAnswer.Members(found);
      }
    };
  }

  private Found ported(Found found) {
    return port == 0 || found.attributes().has(Found.PORT)
        ? found
        : new Found(found.id(), found.attributes().with(Found.PORT, port));
  }

  /** The directory with the members of the last good answer. */
  @Override
  public DirectorySpec get() {
    return spec;
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
