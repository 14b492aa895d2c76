package io.cotidal.server.events;

import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.runtime.ControlPlane.Change;
import io.cotidal.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One listener's stream. It subscribes first and reads the log afterwards, so that nothing falls
 * between; what comes by both ways is sent once, by its sequence. A listener that begins anew, or
 * missed more than is worth repeating, gets {@code resync} with the place from which it goes on: it
 * reads everything once, then follows.
 */
final class EventStream {
  private static final Logger log = LoggerFactory.getLogger(EventStream.class);
  private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(10);
  private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(100);

  /** Then the listener comes back with its credentials and its place in the log. */
  private static final long LIFE = TimeUnit.HOURS.toNanos(1);

  private static final int PAGE = 500;
  private static final int REPEATED = 5000;

  private final ControlPlane plane;
  private final EventLog events;
  private final Audience audience;
  private final ChangeQueue queue;
  private long sent;
  private long updatedAt = System.nanoTime() - GATHER;

  EventStream(ControlPlane plane, EventLog events, Audience audience, ChangeQueue queue) {
    this.plane = plane;
    this.events = events;
    this.audience = audience;
    this.queue = queue;
  }

  /** Tells a listener for whom there is no place to come back later. */
  static void full(OutputStream out) throws IOException {
    send(out, "retry: 30000\n: too many streams\n\n");
  }

  void write(OutputStream out) throws IOException, InterruptedException {
    AutoCloseable subscription = plane.subscribe(queue::put);
    try {
      send(out, "retry: 1000\n\n");
      begin(out);
      long end = System.nanoTime() + LIFE;
      while (!queue.isClosed()
          && System.nanoTime() - end < 0
          && audience.stillAllowed().getAsBoolean()) {
        follow(out);
      }
    } finally {
      close(subscription);
    }
  }

  private void begin(OutputStream out) throws IOException {
    long last = events.last();
    sent = audience.after();
    // A listener ahead of the log comes from another log: what it has is worth nothing here.
    if (sent < 0 || sent > last || last - sent > REPEATED) {
      resync(out, last);
      return;
    }
    List<LoggedEvent> page = plane.events(null, sent, PAGE);
    while (!page.isEmpty()) {
      for (LoggedEvent event : page) {
        logged(out, event);
      }
      page = plane.events(null, sent, PAGE);
    }
  }

  /** Sends what comes until a heartbeat is due. */
  private void follow(OutputStream out) throws IOException, InterruptedException {
    long due = System.nanoTime() + HEARTBEAT;
    while (!queue.isClosed()) {
      long now = System.nanoTime();
      long gather = updatedAt + GATHER - now;
      long wait = gather > 0 ? Math.min(gather, due - now) : due - now;
      Change change = queue.next(wait, gather <= 0);
      if (change != null) {
        change(out, change);
      } else if (System.nanoTime() - due >= 0) {
        send(out, ": alive\n\n");
        return;
      }
    }
  }

  private void change(OutputStream out, Change change) throws IOException {
    switch (change) {
      case Change.Logged event -> logged(out, event.event());
      case Change.Resync _ -> resync(out, events.last());
      case Change.Updated updated -> {
        if (audience.wants().test(updated.id())) {
          ObjectNode data = Json.object();
          data.put("id", updated.id().toString());
          data.put("version", updated.version());
          send(out, "event: resource\ndata: " + Json.text(data) + "\n\n");
          updatedAt = System.nanoTime();
        }
      }
    }
  }

  private void logged(OutputStream out, LoggedEvent event) throws IOException {
    if (event.sequence() <= sent) {
      return;
    }
    sent = event.sequence();
    if (audience.wants().test(event.event().resource())) {
      Optional<EventView> shown = audience.shown().apply(event);
      if (shown.isPresent()) {
        String data = Json.text(shown.get());
        send(out, "id: " + sent + "\nevent: event\ndata: " + data + "\n\n");
      }
    }
  }

  private void resync(OutputStream out, long last) throws IOException {
    sent = last;
    send(out, "id: " + last + "\nevent: resync\ndata: {}\n\n");
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void close(AutoCloseable subscription) {
    try {
      subscription.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.warn("event=unsubscribe-failed", e);
    }
  }
}
