package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.wire.RawSocket.Got;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("What goes through")
@Timeout(60)
class PassingTest {
  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  @Test
  @DisplayName("a request keeps its target, order, case and repeats; a proxy's lines are added")
  void request() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      Got got =
          stage.ask(
              "GET /v1/../a//b;p=1/%2F?x=%00&y HTTP/1.1",
              "hOST: gw.example:9999",
              "X-B: 2",
              "x-a: 1",
              "Connection: X-Gone",
              "X-Gone: 1",
              "X-B: 3",
              "X-Forwarded-For: 10.0.0.1",
              "Via: 1.0 before",
              "Range: bytes=0-1,5-6");
      assertThat(got.body().lines())
          .startsWith(
              "GET /v1/../a//b;p=1/%2F?x=%00&y HTTP/1.1",
              "hOST: gw.example:9999",
              "X-B: 2",
              "x-a: 1",
              "X-B: 3",
              "X-Forwarded-For: 10.0.0.1, 127.0.0.1",
              "Via: 1.0 before",
              "Range: bytes=0-1,5-6",
              "Via: 1.1 cotidal")
          .hasSize(11);
      assertThat(got.field("X-Cotidal-Request")).isNotEmpty();
      assertThat(got.body()).contains("X-Cotidal-Request: " + got.field("X-Cotidal-Request"));
    }
  }

  @Test
  @DisplayName("an answer keeps its words, order, case and repeats")
  void answer() throws Exception {
    String answer =
        lines(
            "HTTP/1.1 201 Made  it",
            "x-b: 2",
            "X-A: \u00c3\u00a4",
            "x-b: 3",
            "Content-Length: 2",
            "Keep-Alive: timeout=3",
            "Connection: keep-alive, x-mine",
            "X-Mine: 1",
            "Etag: \"e\"",
            "",
            "ok");
    try (ScriptedSite site = ScriptedSite.answering(answer);
        Stage stage = Stage.of(site)) {
      Got got = stage.ask("GET / HTTP/1.1", "Host: a");
      assertThat(got.head().lines())
          .startsWith(
              "HTTP/1.1 201 Made  it",
              "x-b: 2",
              "X-A: \u00c3\u00a4",
              "x-b: 3",
              "Content-Length: 2",
              "Etag: \"e\"",
              "Via: 1.1 cotidal")
          .hasSize(9);
      assertThat(got.body()).isEqualTo("ok");
    }
  }

  @Test
  @DisplayName("bodies of both kinds, with and without an end that is told before")
  void bodies() throws Exception {
    try (ScriptedSite site =
            ScriptedSite.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.answer("PUT").body()).isEqualTo("ok");
      client.send("PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\n");
      client.send("3;x=y\r\nfoo\r\n").send("4\r\nbar!\r\n0\r\nX-Evil: 1\r\n\r\n");
      assertThat(client.answer("PUT").body()).isEqualTo("ok");
      client.send("PUT /c HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.answer("PUT").body()).isEqualTo("ok");
      assertThat(site.bodies()).containsExactly("hello", "foobar!", "");
      assertThat(site.heads().get(0)).contains("Content-Length: 5\r\n");
      assertThat(site.heads().get(1)).contains("Transfer-Encoding: chunked\r\n");
      assertThat(site.heads().get(2)).contains("Content-Length: 0\r\n");
      assertThat(site.connections()).isEqualTo(1);
      assertThat(stage.gateway().counters().requests()).isEqualTo(3);
      assertThat(stage.gateway().counters().sent()).isEqualTo(6);
    }
  }

  @Test
  @DisplayName("answers without a body: HEAD with a length, 204, 304; the connection goes on")
  void withoutBody() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.lines("HTTP/1.1 200 OK", "Content-Length: 5000");
              self[0].request(client);
              client.lines("HTTP/1.1 204 No Content", "Content-Length: 0");
              self[0].request(client);
              client.lines("HTTP/1.1 304 Not Modified", "Etag: x", "Content-Length: 7");
              self[0].answer(client, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!", 1);
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.lines("HEAD /a HTTP/1.1", "Host: a");
      assertThat(client.answer("HEAD").head()).contains("Content-Length: 5000\r\n");
      client.lines("DELETE /a HTTP/1.1", "Host: a");
      assertThat(client.answer("DELETE").status()).isEqualTo(204);
      client.lines("GET /a HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").head()).startsWith("HTTP/1.1 304").contains("h: 7\r\n");
      client.lines("GET /b HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").body()).isEqualTo("!");
    }
  }

  @Test
  @DisplayName("an answer in chunks, with trailers")
  void chunkedAnswer() throws Exception {
    String answer =
        lines(
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: chunked",
            "",
            "5",
            "hello",
            "1;x",
            "!",
            "0",
            "X-Sum: 9",
            "",
            "");
    try (ScriptedSite site = ScriptedSite.answering(answer);
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      for (int i = 0; i < 2; i++) {
        client.lines("GET / HTTP/1.1", "Host: a");
        assertThat(client.answer("GET").body()).isEqualTo("hello!{X-Sum: 9}");
      }
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a client of HTTP/1.0 gets no chunks, and the end of the connection")
  void oldClient() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    try (ScriptedSite site = ScriptedSite.answering(answer);
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client().lines("GET /old HTTP/1.0", "Connection: keep-alive");
      String head = client.head();
      assertThat(head).contains("Connection: close").doesNotContain("Transfer-Encoding");
      assertThat(client.rest()).isEqualTo("hello");
      assertThat(site.heads().getFirst())
          .startsWith("GET /old HTTP/1.1\r\nHost: 127.0.0.1:" + stage.gateway().port() + "\r\n");
    }
  }

  @Test
  @DisplayName("a client of HTTP/1.0 may keep its connection where the length is known")
  void oldClientKeeps() throws Exception {
    try (ScriptedSite site =
            ScriptedSite.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      for (int i = 0; i < 2; i++) {
        client.lines("GET / HTTP/1.0", "Connection: keep-alive");
        assertThat(client.answer("GET").field("Connection")).isEqualTo("keep-alive");
      }
      client.lines("GET / HTTP/1.0");
      assertThat(client.answer("GET").field("Connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  @DisplayName("a client that asks to keep its connection is told that it is kept, as by Swift")
  void toldThatItKeeps() throws Exception {
    try (ScriptedSite site =
            ScriptedSite.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      client.lines("GET / HTTP/1.1", "Host: a", "Connection: keep-alive");
      assertThat(client.answer("GET").field("Connection")).isEqualTo("keep-alive");
      client.lines("GET / HTTP/1.1", "Host: a");
      assertThat(client.answer("GET").head()).doesNotContain("Connection");
    }
  }

  @Test
  @DisplayName("an answer that ends with the connection")
  void untilClose() throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].request(client);
              client.send("HTTP/1.0 200 OK\r\n\r\nall of it");
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a");
      assertThat(client.head()).contains("Connection: close");
      assertThat(client.rest()).isEqualTo("all of it");
    }
  }

  @Test
  @DisplayName("requests that come at once are answered one after another, in order")
  void pipelined() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        all.append("PUT /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
        all.append("ab\r\n");
      }
      client.send(all.toString());
      client.endOutput();
      for (int i = 0; i < 200; i++) {
        assertThat(client.answer("PUT").body()).startsWith("PUT /" + i + " HTTP/1.1");
      }
      assertThat(client.rest()).isEmpty();
      assertThat(site.bodies()).hasSize(200).containsOnly("ab");
      assertThat(site.connections()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("who asks for the end of the connection gets it")
  void close() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a", "Connection: close");
      Got got = client.answer("GET");
      assertThat(got.field("Connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
      assertThat(site.heads().getFirst()).doesNotContain("Connection");
    }
  }

  @Test
  @DisplayName("who has ended its requests still gets the answer")
  void halfClosed() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a");
      client.endOutput();
      assertThat(client.answer("GET").status()).isEqualTo(200);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  @DisplayName("90 headers of 256 bytes, an access list of 8 KiB and a token of 20 KiB")
  void largeHeads() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
      for (int i = 0; i < 90; i++) {
        head.append("X-Object-Meta-").append(i).append(": ").append("v".repeat(256)).append("\r\n");
      }
      head.append("X-Container-Read: ").append("r".repeat(8_192)).append("\r\n");
      head.append("X-Auth-Token: ").append("t".repeat(20_000)).append("\r\n");
      String text = head.toString();
      Got got = client.send(text + "\r\n").answer("GET");
      assertThat(got.body()).startsWith(text);
    }
  }

  @Test
  @DisplayName("a site may say 102 and 103 before it answers")
  void interim() throws Exception {
    String answer =
        lines(
            "HTTP/1.1 102 Processing",
            "",
            "HTTP/1.1 100 Continue",
            "",
            "HTTP/1.1 103 Early Hints",
            "Link: x",
            "",
            "HTTP/1.1 200 OK",
            "Content-Length: 0",
            "",
            "");
    try (ScriptedSite site = ScriptedSite.answering(answer);
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client().lines("GET / HTTP/1.1", "Host: a");
      assertThat(client.head()).startsWith("HTTP/1.1 102");
      assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      RawSocket old = stage.client().lines("GET / HTTP/1.0");
      assertThat(old.head()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  @DisplayName("nothing is different on Java's own sockets")
  void java() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage =
            new Stage(Gateway.start(Stage.settings(site.address()), Stage.OPEN, Transport.JAVA))) {
      RawSocket client = stage.client();
      for (String method : List.of("GET", "HEAD", "DELETE", "OPTIONS")) {
        client.lines(method + " /a HTTP/1.1", "Host: a");
        assertThat(client.answer(method).status()).isEqualTo(200);
      }
      client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
      client.send("x".repeat(300_000));
      assertThat(client.answer("PUT").status()).isEqualTo(200);
      assertThat(site.bodies().getLast()).hasSize(300_000);
    }
  }
}
