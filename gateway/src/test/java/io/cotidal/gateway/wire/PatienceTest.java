package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.wire.Settings.Patience;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Patience")
@Timeout(60)
class PatienceTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Stage.SHORT;

  private static Stage stage(
      ScriptedSite site, Duration head, Duration idle, Duration stall, Duration answer)
      throws IOException {
    return Stage.of(
        Stage.settings(site.address())
            .with(new Patience(LONG, LONG, head, idle, stall, answer, LONG, LONG, SHORT)));
  }

  @Test
  @DisplayName("ends with a head that comes a byte at a time")
  void slowHead() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = stage(site, Duration.ofMillis(700), LONG, LONG, LONG)) {
      RawSocket client = stage.client();
      Thread drip =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.send("GET / HTTP/1.1\r\nX: ");
                  Deadline deadline = Deadline.in(LONG);
                  while (!deadline.over()) {
                    client.send("x");
                    deadline.pause(Duration.ofMillis(50));
                  }
                } catch (IOException | InterruptedException e) {
                  // It was sent away.
                }
              });
      assertThat(client.answer("GET").status()).isEqualTo(408);
      drip.interrupt();
      drip.join();
      assertThat(site.heads()).isEmpty();
    }
  }

  @Test
  @DisplayName("ends with a connection on which nothing is asked, in silence")
  void idle() throws Exception {
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = stage(site, SHORT, SHORT, LONG, LONG)) {
      RawSocket fresh = stage.client();
      assertThat(fresh.rest()).isEmpty();
      RawSocket used = stage.client().lines("GET / HTTP/1.1", "Host: a");
      assertThat(used.answer("GET").body()).isEqualTo("ok");
      assertThat(used.rest()).isEmpty();
      await().until(() -> stage.gateway().counters().clients() == 0);
    }
  }

  @Test
  @DisplayName("ends with a body that does not come: 408, and the site sees it broken off")
  void stalledBody() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              self[0].bodies().add(client.rest());
            });
        Stage stage = stage(site, LONG, LONG, SHORT, LONG)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello");
      assertThat(client.answer("PUT").status()).isEqualTo(408);
      assertThat(client.rest()).isEmpty();
      await().until(() -> site.bodies().size() == 1);
      assertThat(site.bodies()).containsExactly("hello");
    }
  }

  @Test
  @DisplayName("ends with a site that gives no answer: 504")
  void noAnswer() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.rest();
            });
        Stage stage = stage(site, LONG, LONG, LONG, SHORT)) {
      self[0] = site;
      assertThat(stage.ask("GET / HTTP/1.1", "Host: a").status()).isEqualTo(504);
      await().until(() -> site.open() == 0);
      assertThat(stage.gateway().counters().siteFailures()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("ends sooner for who only reads, if it is so said: 504; a change is waited for")
  void noAnswerToReader() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              String head = self[0].request(client);
              if (head.startsWith("PUT")) {
                Deadline.in(LONG).pause(Duration.ofSeconds(1));
                client.send(OK);
              }
              client.rest();
            });
        Stage stage = Stage.of(Stage.settings(site.address()).with(Stage.LONG.reading(SHORT)))) {
      self[0] = site;
      assertThat(stage.ask("GET / HTTP/1.1", "Host: a").status()).isEqualTo(504);
      assertThat(stage.ask("HEAD / HTTP/1.1", "Host: a").status()).isEqualTo(504);
      String empty = "Content-Length: 0";
      assertThat(stage.ask("PUT / HTTP/1.1", "Host: a", empty).status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("ends with a site that stops in its answer: the client is cut off")
  void stalledAnswer() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
              client.rest();
            });
        Stage stage = stage(site, LONG, LONG, SHORT, LONG)) {
      self[0] = site;
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a");
      client.head();
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("ends with a client that takes nothing of its answer")
  void stalledReader() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
              for (byte[] block = new byte[65_536]; ; ) {
                client.send(block);
              }
            });
        Stage stage = stage(site, LONG, LONG, Duration.ofSeconds(1), LONG)) {
      self[0] = site;
      stage.client().lines("GET / HTTP/1.1", "Host: a");
      await().until(() -> site.failures().size() == 1);
      await().until(() -> stage.gateway().counters().clients() == 0);
    }
  }

  @Test
  @DisplayName("ends with a site that takes nothing of a body: 504")
  void stalledSite() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              await().until(() -> self[0].bodies().size() == 1);
            });
        Stage stage = stage(site, LONG, LONG, Duration.ofSeconds(1), LONG)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\n\r\n");
      Thread feeder =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (byte[] block = new byte[65_536]; ; ) {
                    client.send(block);
                  }
                } catch (IOException e) {
                  // It is sent away.
                }
              });
      String head = client.head();
      assertThat(head).startsWith("HTTP/1.1 504");
      client.close();
      feeder.join();
      site.bodies().add("seen");
    }
  }

  @Test
  @DisplayName("does not end with an answer that is slow but comes, nor with a slow reader")
  void slowIsNotStalled() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
              Deadline deadline = Deadline.in(LONG);
              for (int i = 0; i < 20; i++) {
                client.send("x");
                deadline.pause(Duration.ofMillis(100));
              }
            });
        Stage stage = stage(site, LONG, LONG, Duration.ofSeconds(1), LONG)) {
      self[0] = site;
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").body()).isEqualTo("x".repeat(20));
    }
  }
}
