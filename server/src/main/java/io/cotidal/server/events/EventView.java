package io.cotidal.server.events;

import io.cotidal.engine.Store;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import org.jspecify.annotations.Nullable;

/**
 * An event with its place in the log, flat.
 *
 * @param sequence rises with every event
 * @param operation the operation's number; 0 if the event belongs to none
 * @param actor null if nobody caused it
 */
public record EventView(
    long sequence,
    ResourceId resource,
    long micros,
    Severity severity,
    String code,
    long operation,
    @Nullable Actor actor,
    String text,
    Details details) {

  /** The event without its words: only that it happened. */
  public EventView withheld() {
    return new EventView(
        sequence, resource, micros, severity, code, operation, actor, code, Details.NONE);
  }

  /** The view of a logged event. */
  public static EventView of(Store.LoggedEvent logged) {
    Event event = logged.event();
    return new EventView(
        logged.sequence(),
        event.resource(),
        event.micros(),
        event.severity(),
        event.code(),
        event.operation(),
        event.actor(),
        event.text(),
        event.details());
  }
}
