package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is broken off")
@Timeout(60)
class AbortTest {
  @ParameterizedTest
  @CsvSource({
    "Content-Length: 100,hello,reset",
    "Content-Length: 100,hello,close",
    "Content-Length: 100,hello,half",
    "Transfer-Encoding: chunked,5\\r\\nhello\\r\\n,reset",
    "Transfer-Encoding: chunked,5\\r\\nhello\\r\\n,close",
    "Transfer-Encoding: chunked,5\\r\\nhello\\r\\n,half"
  })
  @DisplayName("a client that goes in the middle of its body takes the site's connection with it")
  void clientGone(String framing, String begin, String how) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              self[0].bodies().add(client.rest());
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().lines("PUT /a HTTP/1.1", "Host: a", framing);
      client.send(begin.replace("\\r\\n", "\r\n"));
      await().until(() -> stage.gateway().counters().received() > 40 && site.heads().size() == 1);
      switch (how) {
        case "reset" -> client.reset();
        case "close" -> client.close();
        default -> client.endOutput();
      }
      await().until(() -> site.bodies().size() + site.failures().size() == 1);
      assertThat(String.join("", site.bodies())).doesNotContain("0\r\n");
      await().until(() -> stage.gateway().counters().clients() == 0);
      assertThat(stage.gateway().counters().site()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\n50\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"
      })
  @DisplayName("an answer that the site cuts does not end cleanly")
  void siteGone(String answer) throws Exception {
    for (boolean reset : new boolean[] {false, true}) {
      ScriptedSite[] self = new ScriptedSite[1];
      try (ScriptedSite site =
              new ScriptedSite(client -> {
                self[0].request(client);
                client.send("HTTP/1.1 200 OK\r\n" + answer);
                await().until(() -> self[0].bodies().size() == 2);
                if (reset) {
                  client.reset();
                }
              });
          Stage stage = Stage.of(site)) {
        self[0] = site;
        RawSocket client = stage.client().lines("GET /a HTTP/1.1", "Host: a");
        if (!answer.endsWith("zz\r\n")) {
          assertThat(client.head()).startsWith("HTTP/1.1 200 OK");
          client.read(answer.contains("chunked") ? 10 : 5);
          site.bodies().add("the client has seen what there is of the body");
        }
        assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
        assertThat(stage.gateway().counters().siteFailures()).isEqualTo(1);
      }
    }
  }

  @Test
  @DisplayName(
      "an answer without an end of its own is broken off if the site's connection is reset")
  void untilReset() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.0 200 OK\r\n\r\nhello");
              await().until(() -> self[0].bodies().size() == 2);
              client.reset();
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().lines("GET /a HTTP/1.1", "Host: a");
      client.head();
      assertThat(client.read(5)).isEqualTo("hello");
      site.bodies().add("seen");
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("a client that goes while it is answered ends the site's work")
  void clientGoneInAnswer() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
              for (byte[] block = new byte[65_536]; ; ) {
                client.send(block);
              }
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().lines("GET /a HTTP/1.1", "Host: a");
      client.head();
      client.read(100_000);
      client.close();
      await().until(() -> site.failures().size() == 1);
      await().until(() -> stage.gateway().counters().site() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n"
      })
  @DisplayName("a site that says nothing, or nonsense, is 502")
  void nonsense(String answer) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send(answer);
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      for (int i = 0; i < 2; i++) {
        client.lines("GET /a HTTP/1.1", "Host: a");
        assertThat(client.answer("GET").status()).isEqualTo(502);
      }
      assertThat(stage.gateway().counters().siteFailures()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("what follows an answer is nobody's: the next request does not get it")
  void leftover() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nevil";
    try (ScriptedSite site = ScriptedSite.answering(answer);
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      for (int i = 0; i < 3; i++) {
        client.lines("GET /a HTTP/1.1", "Host: a");
        assertThat(client.answer("GET").body()).isEqualTo("ok");
      }
      assertThat(site.connections()).isEqualTo(3);
    }
  }
}
