package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.gateway.wire.Settings.Patience;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Expect: 100-continue, and answers that come early")
@Timeout(60)
class ContinueTest {
  private static final String ASKS =
      "PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
  private static final String OK = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";

  @Test
  @DisplayName("the site's 100 is the client's, and no other")
  void siteSays() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              go.await();
              client.send("HTTP/1.1 100 Continue\r\n\r\n");
              self[0].bodies().add(client.read(5));
              client.send(OK);
              self[0].answer(client, OK, 1);
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().send(ASKS);
      await().until(() -> site.heads().size() == 1);
      assertThat(site.heads().getFirst()).contains("Expect: 100-continue\r\n");
      assertThat(client.in().available()).isZero();
      go.countDown();
      assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      client.send("hello");
      assertThat(client.head()).startsWith("HTTP/1.1 201 Created");
      assertThat(site.bodies()).containsExactly("hello");
      client.lines("GET / HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(201);
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a body that is refused is neither asked for nor sent")
  void refused() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
              self[0].bodies().add(client.rest());
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().send(ASKS);
      String head = client.head();
      assertThat(head).startsWith("HTTP/1.1 401").contains("Connection: close");
      assertThat(client.rest()).isEqualTo("no");
      await().until(() -> site.bodies().size() == 1);
      assertThat(site.bodies()).containsExactly("");
    }
  }

  @Test
  @DisplayName("what a hasty client sends waits for the site's word")
  void hasty() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    CountDownLatch sent = new CountDownLatch(1);
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              sent.await();
              self[0].bodies().add(Integer.toString(client.in().available()));
              client.send("HTTP/1.1 100 Continue\r\n\r\n");
              self[0].bodies().add(client.read(5));
              client.send(OK);
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().send(ASKS + "hello");
      await().until(() -> stage.gateway().counters().received() == ASKS.length() + 5);
      sent.countDown();
      assertThat(client.head()).startsWith("HTTP/1.1 100");
      assertThat(client.head()).startsWith("HTTP/1.1 201");
      assertThat(site.bodies()).containsExactly("0", "hello");
    }
  }

  @Test
  @DisplayName("a site that never says 100 gets the body after a while")
  void fallback() throws Exception {
    try (ScriptedSite site = ScriptedSite.answering(OK);
        Stage stage = Stage.of(Stage.settings(site.address()).with(proceeding()))) {
      RawSocket client = stage.client().send(ASKS + "hello");
      assertThat(client.head()).startsWith("HTTP/1.1 201");
      assertThat(site.bodies()).containsExactly("hello");
    }
  }

  private static Patience proceeding() {
    Patience p = Stage.LONG;
    return new Patience(
        p.connect(),
        p.queue(),
        p.head(),
        p.idle(),
        p.stall(),
        p.answer(),
        p.kept(),
        Stage.SHORT,
        p.linger());
  }

  @Test
  @DisplayName("without Expect nothing waits, and a site's own 100 is not passed on")
  void unasked() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 100 Continue\r\n\r\n");
              self[0].bodies().add(client.read(5));
              client.send(OK);
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.head()).startsWith("HTTP/1.1 201");
    }
  }

  @Test
  @DisplayName("413 reaches a client that is still sending, and no deadlock comes of it")
  void tooLarge() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.read(10_000);
              client.send("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nfull");
              client.close();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 6000000\r\n\r\n");
      client.send(new byte[6_000_000]);
      String head = client.head();
      assertThat(head).startsWith("HTTP/1.1 413").contains("Connection: close");
      assertThat(client.rest()).isEqualTo("full");
    }
  }

  @Test
  @DisplayName("who does not stop sending what nobody wants is stopped")
  void endless() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 507 Full\r\nContent-Length: 0\r\n\r\n");
              client.rest();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000000\r\n\r\n");
      long sent = 0;
      try {
        for (byte[] block = new byte[65_536]; sent < 1L << 30; sent += block.length) {
          client.send(block);
        }
      } catch (IOException e) {
        // Stopped.
      }
      assertThat(sent).isLessThan(64L << 20);
    }
  }

  @Test
  @DisplayName("a good answer that begins early goes on with the body beside it")
  void bothWays() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n");
              String first = client.read(5);
              client.send("5\r\n" + first + "\r\n");
              client.send("5\r\n" + client.read(5) + "\r\n0\r\n\r\n");
              self[0].answer(client, OK, 1);
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("POST /?bulk-delete HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200").doesNotContain("Connection");
      assertThat(client.read(6)).isEqualTo("1\r\n \r\n");
      client.send("hello");
      assertThat(client.read(10)).isEqualTo("5\r\nhello\r\n");
      client.send("world");
      assertThat(client.read(15)).isEqualTo("5\r\nworld\r\n0\r\n\r\n");
      client.lines("GET / HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").status()).isEqualTo(201);
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a good answer that ends before the body does ends the connection")
  void earlyEnd() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              client.rest();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
      assertThat(client.answer("PUT").body()).isEqualTo("ok");
      assertThat(client.rest()).isEmpty();
      await().until(() -> site.open() == 0);
    }
  }
}
