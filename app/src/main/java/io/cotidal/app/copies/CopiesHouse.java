package io.cotidal.app.copies;

import io.cotidal.app.config.Templates;
import io.cotidal.copies.compat.MyaasApi;
import io.cotidal.copies.plan.CopiesKind;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.steps.Workshop;
import io.cotidal.runtime.Clock;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.Managed;
import io.cotidal.server.CompatListener;
import io.cotidal.server.ServerOptions;
import io.cotidal.server.access.Credentials;
import io.cotidal.server.compat.Anonymous;
import io.cotidal.server.compat.Authenticator;
import io.cotidal.server.compat.CompatHandler;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The templates of a daemon, and the original's API over them. */
public final class CopiesHouse implements AutoCloseable {
  private static final String SCOPE = "copies/*";

  private final Daemon daemon;
  private final Workshop workshop;
  private final Optional<TemplateFolder> folder;
  private final Optional<CompatListener> compat;
  private final Notice notice;

  /**
   * What a house stands on.
   *
   * @param credentials of the API, which hold for the original's API as well
   * @param options of the API's listener
   */
  public record Ground(
      Daemon daemon,
      Clock clock,
      Workshop workshop,
      Credentials credentials,
      ServerOptions options) {}

  /** A house in which nothing runs yet. */
  public CopiesHouse(Templates templates, Ground ground) {
    this.daemon = ground.daemon();
    this.workshop = ground.workshop();
    this.notice = new Notice(ground.daemon(), "copies", "anonymous-access");
    Set<String> named =
        templates.named().stream().map(spec -> spec.id().name()).collect(Collectors.toSet());
    this.folder =
        templates
            .folder()
            .map(prototype -> new TemplateFolder(prototype, ground.clock(), named, this::add));
    this.compat = templates.compat().map(written -> listener(written, ground));
  }

  /** A template that the configuration names. */
  public static Managed<?, ?> managed(CopiesSpec spec, Workshop workshop) {
    return new Managed<>(new CopiesKind(), spec, workshop.driver(spec));
  }

  private void add(CopiesSpec spec) {
    daemon.add(managed(spec, workshop));
  }

  private CompatListener listener(Templates.Compat written, Ground ground) {
    Optional<Anonymous> anonymous = written.anonymousAs().map(role -> new Anonymous(role, SCOPE));
    CompatHandler handler =
        new MyaasHandler(
            new MyaasApi(written.prefix()), caller -> new PlaneDesk(ground.daemon(), caller));
    return new CompatListener(
        new CompatListener.Protocol(
            "myaas",
            written.debug() ? new LoggedRequests(handler) : handler,
            new Authenticator(ground.credentials(), anonymous),
            notice::announce),
        written.listen(),
        InstantSource.system(),
        ground.options());
  }

  /**
   * Looks for dumps, and listens.
   *
   * @throws IOException if the address cannot be listened on
   */
  public void start() throws IOException {
    if (compat.isPresent()) {
      compat.get().start();
    }
    folder.ifPresent(TemplateFolder::start);
  }

  @Override
  public void close() {
    compat.ifPresent(CompatListener::close);
    notice.close();
    folder.ifPresent(TemplateFolder::close);
  }
}
