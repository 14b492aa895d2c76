package io.cotidal.server;

import static io.cotidal.server.fake.Scenes.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.runtime.ControlPlane.Change;
import io.cotidal.server.fake.Scenes;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The live stream, read as it is written. */
@Timeout(60)
final class StreamTest {
  private Fixture fixture;
  private Http viewer;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(ServerOptions.of("x").withLimits(64, 2, 100));
    viewer = fixture.as(Permission.VIEWER);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** An open stream; reads message by message. */
  private static final class Listener implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final Http.Response head;

    Listener(Http client, String target) throws IOException {
      socket = client.open();
      socket
          .getOutputStream()
          .write(
              client
                  .without("Connection")
                  .head("GET", target, null)
                  .getBytes(StandardCharsets.UTF_8));
      in = socket.getInputStream();
      head = Http.read(in, false);
    }

    /** The next message's lines; empty if the stream has ended. */
    List<String> next() throws IOException {
      List<String> lines = new ArrayList<>();
      while (true) {
        String line = Http.line(in);
        if (line.isEmpty() && !lines.isEmpty()) {
          return lines;
        }
        if (line.equals("0")) {
          return List.of();
        }
        // Between the lines stand the sizes of chunks and the ends of them.
        if (line.contains(":")) {
          lines.add(line);
        }
      }
    }

    /** The next message that is no comment and no setting. */
    List<String> nextEvent() throws IOException {
      List<String> lines = next();
      while (!lines.isEmpty() && lines.stream().noneMatch(line -> line.startsWith("event:"))) {
        lines = next();
      }
      return lines;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private void log(ResourceId id, String code) {
    fixture.plane.log(
        new Event(id, 7, Severity.INFO, code, 17, Actor.COTIDAL, "so it is", Details.NONE));
  }

  @Test
  @DisplayName("a user's stream passes over events of others' operations")
  void othersAreNotHeard() throws IOException {
    ResourceId shop = Scenes.SHOP;
    fixture.plane.show(
        Scenes.template(shop, List.of(Scenes.item("copy", "bobs-copy", "bob", "ready"))));
    for (String actor : List.of("bob", "ann")) {
      OperationId id = new OperationId(shop, fixture.plane.nextNumber(shop));
      fixture.plane.put(
          Scenes.operation(id, "create", Details.NONE, OperationState.RUNNING, new Actor(actor)));
    }
    try (Listener listener =
        new Listener(fixture.named("ann", Permission.USER), "/api/v1/stream")) {
      assertThat(listener.nextEvent()).contains("event: resync");
      for (long number : List.of(1L, 2L)) {
        fixture.plane.log(
            new Event(
                shop, 7, Severity.INFO, "create-done", number, null, "of " + number, Details.NONE));
      }
      assertThat(listener.nextEvent())
          .anySatisfy(line -> assertThat(line).contains("\"text\":\"of 2\""));
    }
  }

  @Test
  @DisplayName("a new listener is told where it begins, then each event and each change")
  void live() throws IOException {
    log(ORDERS, "before");
    try (Listener listener = new Listener(viewer, "/api/v1/stream")) {
      assertThat(listener.head.status()).isEqualTo(200);
      assertThat(listener.head.header("content-type")).isEqualTo("text/event-stream");
      assertThat(listener.head.header("cache-control")).isEqualTo("no-store");
      assertThat(listener.nextEvent()).containsExactly("id: 1", "event: resync", "data: {}");
      log(ORDERS, "failover-done");
      List<String> event = listener.nextEvent();
      assertThat(event.subList(0, 2)).containsExactly("id: 2", "event: event");
      assertThat(event.get(2)).contains("\"sequence\":2").contains("\"code\":\"failover-done\"");
      fixture.plane.show(Scenes.healthy(ORDERS));
      assertThat(listener.nextEvent())
          .containsExactly("event: resource", "data: {\"id\":\"postgres/orders\",\"version\":2}");
      fixture.plane.tell(new Change.Resync());
      assertThat(listener.nextEvent()).containsExactly("id: 2", "event: resync", "data: {}");
    }
  }

  @Test
  @DisplayName(
      "Last-Event-ID goes on where the listener was, without a gap and without a repetition")
  void resume() throws IOException {
    for (int i = 1; i <= 1200; i++) {
      log(ORDERS, "e" + i);
    }
    try (Listener listener = new Listener(viewer.with("Last-Event-ID", "150"), "/api/v1/stream")) {
      for (int i = 151; i <= 1200; i++) {
        assertThat(listener.nextEvent().getFirst()).isEqualTo("id: " + i);
      }
      log(ORDERS, "next");
      assertThat(listener.nextEvent().getFirst()).isEqualTo("id: 1201");
    }
  }

  @Test
  @DisplayName("a listener from another log, or far behind, is told to read everything anew")
  void farBehind() throws IOException {
    for (int i = 1; i <= 6000; i++) {
      log(ORDERS, "e");
    }
    for (String id : List.of("900000", "1")) {
      try (Listener listener = new Listener(viewer.with("Last-Event-ID", id), "/api/v1/stream")) {
        assertThat(listener.nextEvent().subList(0, 2)).containsExactly("id: 6000", "event: resync");
      }
    }
  }

  @Test
  @DisplayName("a stream holds only what was asked for and the token may see")
  void filtered() throws IOException {
    ResourceId shop = ResourceId.parse("postgres/shop");
    fixture.plane.show(Scenes.healthy(shop));
    Http scoped = fixture.nobody().bearer(fixture.token(Permission.VIEWER, "postgres/shop"));
    try (Listener mine = new Listener(scoped, "/api/v1/stream");
        Listener asked = new Listener(viewer, "/api/v1/stream?resource=postgres/shop")) {
      mine.nextEvent();
      asked.nextEvent();
      log(ORDERS, "hidden");
      fixture.plane.show(Scenes.healthy(ORDERS));
      log(shop, "shown");
      assertThat(mine.nextEvent().get(2)).contains("shown");
      assertThat(asked.nextEvent().get(2)).contains("shown");
    }
  }

  @Test
  @DisplayName("there are only so many places, and one that is left is free again")
  void places() throws IOException {
    try (Listener first = new Listener(viewer, "/api/v1/stream")) {
      first.nextEvent();
      try (Listener second = new Listener(viewer, "/api/v1/stream")) {
        second.nextEvent();
        Http.Response third = viewer.get("/api/v1/stream");
        assertThat(third.status()).isEqualTo(429);
        assertThat(third.code()).isEqualTo("too-many");
      }
      await()
          .untilAsserted(() -> {
            log(ORDERS, "wakes the one that is gone");
            assertThat(fixture.plane.listeners()).isEqualTo(2);
          });
    }
  }

  @Test
  @DisplayName("when the server stops, streams end as they should")
  void end() throws IOException {
    try (Listener listener = new Listener(viewer, "/api/v1/stream")) {
      listener.nextEvent();
      fixture.server.close();
      assertThat(listener.nextEvent()).isEmpty();
    }
    assertThat(fixture.plane.listeners()).isZero();
  }

  @Test
  @DisplayName("a stream whose token is taken back ends at the next heartbeat")
  void revoked() throws IOException {
    try (Listener listener = new Listener(viewer, "/api/v1/stream")) {
      listener.nextEvent();
      log(ORDERS, "so that it follows");
      listener.nextEvent();
      fixture.tokens.remove("t1");
      assertThat(listener.next()).containsExactly(": alive");
      assertThat(listener.next()).isEmpty();
    }
  }
}
