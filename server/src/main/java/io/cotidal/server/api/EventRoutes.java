package io.cotidal.server.api;

import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.access.Caller;
import io.cotidal.server.events.Audience;
import io.cotidal.server.events.EventLog;
import io.cotidal.server.events.EventView;
import io.cotidal.server.events.Streams;
import io.cotidal.server.http.Access.Reach;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Call;
import io.cotidal.server.http.Parameter;
import io.cotidal.server.http.Problem;
import io.cotidal.server.http.Problem.Code;
import io.cotidal.server.http.Route;
import io.cotidal.server.http.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The log, and the stream of what is happening. */
final class EventRoutes {
  private static final int MOST = 1000;
  private static final Parameter RESOURCE =
      Parameter.query("resource", Parameter.Type.TEXT, "Only of this one, as kind/name");

  private final ControlPlane plane;
  private final Sight sight;
  private final EventLog log;
  private final Streams streams;
  private final Predicate<Caller> stillAllowed;

  EventRoutes(
      ControlPlane plane,
      Sight sight,
      EventLog log,
      Streams streams,
      Predicate<Caller> stillAllowed) {
    this.plane = plane;
    this.sight = sight;
    this.log = log;
    this.streams = streams;
    this.stillAllowed = stillAllowed;
  }

  List<Route> all() {
    return List.of(
        Route.get("/api/v1/events", "Events after a place in the log, or the latest ones")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .with(
                RESOURCE,
                Parameter.query("after", Parameter.Type.NUMBER, "Only with a higher sequence"),
                Parameter.query("latest", Parameter.Type.NUMBER, "Instead: so many newest ones"),
                Parameter.query("limit", Parameter.Type.NUMBER, "At most so many; 100 if absent"))
            .gives(Views.Events.class, this::events),
        Route.get("/api/v1/stream", "Server-sent events: event, resource, resync")
            .needs(Permission.VIEWER, Reach.FILTERED)
            .with(
                RESOURCE,
                Parameter.header("Last-Event-ID", "Goes on after this event; else begins anew"))
            .gives(new Shape.Media("text/event-stream"), this::stream));
  }

  private Answer events(Call call) {
    ResourceId resource = resource(call);
    Function<LoggedEvent, Optional<EventView>> shown = shown(call.caller());
    Predicate<LoggedEvent> visible = event -> shown.apply(event).isPresent();
    int limit = (int) call.number("limit", 100, MOST);
    if (call.query("latest").isPresent()) {
      int latest = (int) call.number("latest", 100, MOST);
      // Read first: what is logged meanwhile lies behind the place that is answered.
      long end = log.last();
      List<LoggedEvent> newest = log.latest(resource, visible, latest);
      return answer(newest, shown, newest.isEmpty() ? end : newest.getLast().sequence());
    }
    long after = call.number("after", 0, Long.MAX_VALUE);
    List<LoggedEvent> page = plane.events(resource, after, limit);
    return answer(page, shown, page.isEmpty() ? after : page.getLast().sequence());
  }

  private static Answer answer(
      List<LoggedEvent> events, Function<LoggedEvent, Optional<EventView>> shown, long last) {
    return Answer.ok(
        new Views.Events(
            events.stream().flatMap(event -> shown.apply(event).stream()).toList(), last));
  }

  /** What the caller may see of an event. */
  private Function<LoggedEvent, Optional<EventView>> shown(Caller caller) {
    return event ->
        caller.covers(event.event().resource()) ? sight.of(caller, event) : Optional.empty();
  }

  private Answer stream(Call call) {
    ResourceId resource = resource(call);
    Caller caller = call.caller();
    Predicate<ResourceId> wants =
        id -> caller.covers(id) && (resource == null || resource.equals(id));
    long after =
        call.header("Last-Event-ID")
            .filter(text -> text.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(-1L);
    return streams.open(new Audience(after, wants, shown(caller), () -> stillAllowed.test(caller)));
  }

  private @Nullable ResourceId resource(Call call) {
    String text = call.query("resource").orElse("");
    if (text.isEmpty()) {
      return null;
    }
    ResourceId id;
    try {
      id = ResourceId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.of(Code.BAD_REQUEST, String.valueOf(e.getMessage())).refusal();
    }
    if (!call.caller().covers(id)) {
      throw Problem.of(Code.FORBIDDEN, "the token's scope does not include " + id).refusal();
    }
    if (plane.resource(id).isEmpty()) {
      throw Problem.of(Code.NOT_FOUND, "there is no resource " + id, "see cot get").refusal();
    }
    return id;
  }
}
