package io.cotidal.app.copies;

import io.cotidal.app.config.Templates;
import io.cotidal.copies.compat.MyaasApi;
import io.cotidal.copies.plan.CopiesKind;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.steps.Workshop;
import io.cotidal.runtime.Clock;
import io.cotidal.runtime.ControlPlane;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The templates of a daemon, and the original's API over them. */
public final class CopiesHouse implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CopiesHouse.class);
  private static final String SCOPE = "copies/*";

  private final Daemon daemon;
  private final Workshop workshop;
  private final DumpIntake intake;
  private final List<AutoCloseable> subscriptions = new ArrayList<>();
  private final Optional<TemplateFolder> folder;
  private final Optional<CompatListener> compat;
  private final Notice notice;

  /**
   * What a house stands on.
   *
   * @param plane takes what people ask
   * @param intake takes uploads in
   * @param credentials of the API, which hold for the original's API as well
   * @param options of the API's listener
   */
  public record Ground(
      Daemon daemon,
      ControlPlane plane,
      Clock clock,
      Workshop workshop,
      DumpIntake intake,
      Credentials credentials,
      ServerOptions options) {}

  /** A house in which nothing runs yet. */
  public CopiesHouse(Templates templates, Ground ground) {
    this.daemon = ground.daemon();
    this.workshop = ground.workshop();
    this.notice = new Notice(ground.daemon(), "copies", "anonymous-access");
    this.intake = ground.intake();
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
            new MyaasApi(written.prefix()), caller -> new PlaneDesk(ground.plane(), caller));
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
    subscriptions.add(daemon.subscribe(this::changed));
    folder.ifPresent(TemplateFolder::start);
  }

  /** That an import has ended shows as a change of its template, as does that one leads. */
  private void changed(ControlPlane.Change change) {
    switch (change) {
      case ControlPlane.Change.Updated updated -> intake.sweep(updated.id());
      case ControlPlane.Change.Resync _ ->
          daemon.resources().forEach(view -> intake.sweep(view.id()));
      case ControlPlane.Change.Logged _ -> {}
    }
  }

  @Override
  public void close() {
    compat.ifPresent(CompatListener::close);
    notice.close();
    folder.ifPresent(TemplateFolder::close);
    for (AutoCloseable subscription : subscriptions) {
      try {
        subscription.close();
      } catch (Exception e) {
        log.warn("event=subscription-stays", e);
      }
    }
  }
}
