package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.wire.RawSocket.Got;
import io.cotidal.gateway.wire.Settings.Limits;
import io.cotidal.gateway.wire.Settings.Patience;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Connections to the site")
@Timeout(60)
class PoolTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Answers once, and ends the connection at the next request without an answer. */
  private static ScriptedSite stale(ScriptedSite[] self) throws Exception {
    return new ScriptedSite(
        client -> {
          self[0].answer(client, OK, 1);
          self[0].head(client);
        },
        client -> self[0].answer(client, OK, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
  @DisplayName("a kept one that ends as a safe request comes: it is sent again, on a new one")
  void staleSafe(String method) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site = stale(self);
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.lines("GET /1 HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(200);
      client.lines(method + " /2 HTTP/1.1", "Host: a");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(stage.gateway().counters().retried()).isEqualTo(1);
      assertThat(site.connections()).isEqualTo(2);
      assertThat(site.heads()).hasSize(3);
    }
  }

  @Test
  @DisplayName("the same before a body that waits for 100")
  void staleExpect() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(
                client -> {
                  self[0].answer(client, OK, 1);
                  self[0].head(client);
                },
                client -> {
                  self[0].head(client);
                  client.send("HTTP/1.1 100 Continue\r\n\r\n");
                  self[0].bodies().add(client.read(5));
                  client.send(OK);
                });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.lines("GET /1 HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(200);
      client.lines("PUT /2 HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 5");
      assertThat(client.head()).startsWith("HTTP/1.1 100");
      client.send("hello");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(site.bodies()).contains("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "DELETE", "PUT", "COPY"})
  @DisplayName("the same before one that changes something: 502, since nobody knows")
  void staleUnsafe(String method) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site = stale(self);
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.lines("GET /1 HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(200);
      client.lines(method + " /2 HTTP/1.1", "Host: a", "Content-Length: 0");
      assertThat(client.answer(method).status()).isEqualTo(502);
      assertThat(site.heads()).hasSize(2);
    }
  }

  @Test
  @DisplayName("a request whose answer has begun is not sent again")
  void notAfterTheFirstByte() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].answer(client, OK, 1);
              self[0].head(client);
              client.send("H");
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.lines("GET /1 HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(200);
      client.lines("GET /2 HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(502);
      assertThat(stage.gateway().counters().retried()).isZero();
    }
  }

  @Test
  @DisplayName("one that the site has ended is not used; one that says it ends is not kept")
  void ended() throws Exception {
    String last = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(
                client -> self[0].answer(client, OK, 1),
                client -> self[0].answer(client, last, 1),
                client -> self[0].answer(client, OK, 100));
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      for (int i = 0; i < 3; i++) {
        client.lines("POST /1 HTTP/1.1", "Host: a", "Content-Length: 0");
        Got got = client.answer("POST");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.field("Connection")).isEmpty();
        int open = i == 2 ? 1 : 0;
        await().until(() -> stage.gateway().counters().site() == open);
      }
      assertThat(stage.gateway().counters().retried()).isZero();
    }
  }

  @Test
  @DisplayName("one that nobody uses is closed after a while")
  void kept() throws Exception {
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage =
            Stage.of(
                Stage.settings(site.address())
                    .with(
                        new Patience(
                            Stage.LONG.connect(),
                            Stage.LONG.queue(),
                            Stage.LONG.head(),
                            Stage.LONG.idle(),
                            Stage.LONG.stall(),
                            Stage.LONG.answer(),
                            Stage.SHORT,
                            Stage.LONG.proceed(),
                            Stage.LONG.linger())))) {
      assertThat(stage.ask("GET / HTTP/1.1", "Host: a").status()).isEqualTo(200);
      await().until(() -> stage.gateway().counters().site() == 0);
      await().until(() -> site.open() == 0);
    }
  }

  @Test
  @DisplayName("no more than the limit; the rest wait their turn, and too many are sent away")
  void queue() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              for (String head = self[0].head(client);
                  !head.isEmpty();
                  head = self[0].head(client)) {
                go.await();
                client.send(OK);
              }
            });
        Stage stage =
            Stage.of(
                Stage.settings(site.address()).with(new Limits(65_536, 500, 2, 3, 1_000_000, 1)))) {
      self[0] = site;
      List<RawSocket> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(stage.client().lines("GET /" + i + " HTTP/1.1", "Host: a"));
        int asked = i + 1;
        await().until(() -> stage.gateway().counters().requests() == asked);
      }
      Got many = stage.ask("GET /many HTTP/1.1", "Host: a", "Connection: close");
      assertThat(many.status()).isEqualTo(503);
      assertThat(many.field("Retry-After")).isEqualTo("1");
      // One that goes away makes room.
      clients.get(3).reset();
      await().until(() -> stage.gateway().counters().clients() <= 5);
      go.countDown();
      for (int i : List.of(0, 1, 2, 4)) {
        assertThat(clients.get(i).answer("GET").status()).isEqualTo(200);
      }
      assertThat(site.connections()).isEqualTo(2);
      assertThat(site.heads()).noneMatch(head -> head.contains("/3 ") || head.contains("many"));
    }
  }

  @Test
  @DisplayName("who waits too long for one is sent away")
  void queueTime() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    Patience p = Stage.LONG;
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.rest();
            });
        Stage stage =
            Stage.of(
                Stage.settings(site.address())
                    .with(new Limits(65_536, 500, 1, 3, 1_000_000, 1))
                    .with(
                        new Patience(
                            p.connect(),
                            Stage.SHORT,
                            p.head(),
                            p.idle(),
                            p.stall(),
                            p.answer(),
                            p.kept(),
                            p.proceed(),
                            p.linger())))) {
      self[0] = site;
      stage.client().lines("GET /1 HTTP/1.1", "Host: a");
      await().until(() -> site.heads().size() == 1);
      RawSocket client = stage.client().lines("GET /2 HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(503);
      assertThat(stage.gateway().counters().refused()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a site that is not there: 503, and the connection of the client goes on")
  void unreachable() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (Stage stage = Stage.of(Stage.settings(nobody))) {
      RawSocket client = stage.client();
      for (int i = 1; i < 4; i++) {
        client.lines("GET / HTTP/1.1", "Host: a");
        Got got = client.answer("GET");
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.field("Retry-After")).isEqualTo("1");
        assertThat(stage.gateway().counters().siteFailures()).isEqualTo(i);
      }
      assertThat(stage.gateway().counters().site()).isZero();
    }
  }

  @Test
  @DisplayName("too many clients: 503, and those that are there are served")
  void tooManyClients() throws Exception {
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage =
            Stage.of(
                Stage.settings(site.address()).with(new Limits(65_536, 2, 2, 3, 1_000_000, 1)))) {
      RawSocket first = stage.client();
      RawSocket second = stage.client();
      await().until(() -> stage.gateway().counters().clients() == 2);
      RawSocket third = stage.client();
      assertThat(third.answer("GET").status()).isEqualTo(503);
      third.close();
      for (RawSocket client : List.of(first, second)) {
        client.lines("GET / HTTP/1.1", "Host: a");
        assertThat(client.answer("GET").status()).isEqualTo(200);
      }
      await().atMost(Duration.ofSeconds(10)).until(() -> stage.gateway().counters().clients() == 2);
    }
  }
}
