package io.cotidal.app.reload;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.runtime.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of configuration that should stand among a resource's events, written as soon as this
 * daemon leads it. Thread-safe.
 */
public final class Notes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notes.class);
  private static final String CODE = "configuration-changed";

  private final Map<ResourceId, Queue<Command.Note>> waiting = new ConcurrentHashMap<>();
  private volatile @Nullable ControlPlane plane;
  private @Nullable AutoCloseable subscription;

  /** Nothing to tell yet. */
  public Notes() {}

  /** Begins to tell. */
  public void start(ControlPlane control) {
    plane = control;
    subscription =
        control.subscribe(change -> {
          switch (change) {
            case ControlPlane.Change.Updated updated -> tell(updated.id());
            case ControlPlane.Change.Resync _ -> List.copyOf(waiting.keySet()).forEach(this::tell);
            case ControlPlane.Change.Logged _ -> {}
          }
        });
  }

  /** One more; {@code sentence} without its full stop. */
  void add(ResourceId id, Actor actor, String sentence) {
    log.info("event={} resource={} text=\"{}\"", CODE, id, sentence);
    waiting
        .computeIfAbsent(id, each -> new ConcurrentLinkedQueue<>())
        .add(new Command.Note(actor, Severity.INFO, CODE, sentence));
    tell(id);
  }

  private void tell(ResourceId id) {
    ControlPlane control = plane;
    Queue<Command.Note> notes = waiting.get(id);
    if (control == null || notes == null) {
      return;
    }
    if (!control.resource(id).map(ResourceView::leading).orElse(false)) {
      return;
    }
    List<Command.Note> now = new ArrayList<>();
    for (Command.Note note = notes.poll(); note != null; note = notes.poll()) {
      now.add(note);
    }
    for (Command.Note note : now) {
      var _ =
          control
              .command(id, note)
              .whenComplete((reply, problem) -> {
                if (problem != null || !(reply instanceof Reply.Noted)) {
                  // It is told again when something of the resource changes.
                  notes.add(note);
                }
              });
    }
  }

  @Override
  public void close() {
    if (subscription != null) {
      try {
        subscription.close();
      } catch (Exception e) {
        log.warn("event=notes-not-closed reason=\"{}\"", e.toString());
      }
    }
  }
}
