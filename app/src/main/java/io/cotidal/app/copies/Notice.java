package io.cotidal.app.copies;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.runtime.ControlPlane;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that everybody who looks at a resource of one kind should find in its events: written
 * once for each resource and start of the daemon, as soon as the daemon leads it. Thread-safe.
 */
final class Notice implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notice.class);

  private final ControlPlane plane;
  private final String kind;
  private final String code;
  private final Set<ResourceId> told = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable AutoCloseable> subscription = new AtomicReference<>();

  /** A notice that nobody has read yet. */
  Notice(ControlPlane plane, String kind, String code) {
    this.plane = plane;
    this.kind = kind;
    this.code = code;
  }

  /** Begins to tell it, to the resources that there are and to those that come. */
  void announce(String sentence) {
    subscription.set(
        plane.subscribe(change -> {
          switch (change) {
            case ControlPlane.Change.Updated updated ->
                plane.resource(updated.id()).ifPresent(view -> tell(view, sentence));
            case ControlPlane.Change.Resync _ ->
                plane.resources().forEach(view -> tell(view, sentence));
            case ControlPlane.Change.Logged _ -> {}
          }
        }));
    plane.resources().forEach(view -> tell(view, sentence));
  }

  private void tell(ResourceView view, String sentence) {
    if (!view.id().kind().equals(kind) || !view.leading() || !told.add(view.id())) {
      return;
    }
    var _ =
        plane
            .command(view.id(), new Command.Note(Actor.COTIDAL, Severity.WARNING, code, sentence))
            .whenComplete((reply, problem) -> {
              if (problem != null || !(reply instanceof Reply.Noted)) {
                // It is told again when something of the resource changes.
                told.remove(view.id());
                log.info("event=notice-put-off code={} resource={}", code, view.id());
              }
            });
  }

  @Override
  public void close() {
    AutoCloseable open = subscription.getAndSet(null);
    if (open != null) {
      try {
        open.close();
      } catch (Exception e) {
        log.warn("event=notice-not-closed code={} reason=\"{}\"", code, e.toString());
      }
    }
  }
}
