package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.wire.RawSocket.Got;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What is refused")
@Timeout(60)
class RefusalTest {
  private static final String INNER = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 50\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
        "Content-Length: 0, 5\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X\u0000: a\r\n\r\n",
        "X: \u0000\r\n\r\n",
        "Host: b\r\n\r\n",
        "X: a\n\n"
      })
  @DisplayName("a head of which two readers might make two requests: 400, and the connection ends")
  void smuggling(String rest) throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      client.send("POST /a HTTP/1.1\r\nHost: a\r\n" + rest + INNER);
      Got got = client.answer("POST");
      assertThat(got.status()).isEqualTo(400);
      assertThat(got.field("Connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
      assertThat(site.heads()).isEmpty();
      assertThat(stage.gateway().counters().refused()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a coding that is not served: 501, and the connection ends")
  void coding() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      String head = "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n";
      client.send(head + "0\r\n\r\n" + INNER);
      Got got = client.answer("PUT");
      assertThat(got.status()).isEqualTo(501);
      assertThat(got.field("Connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
      assertThat(site.heads()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
        "fffffffffffffffff\r\n"
      })
  @DisplayName("a chunk of which two readers might make two: the site never sees the end of it")
  void chunks(String body) throws Exception {
    ScriptedSite[] self = new ScriptedSite[1];
    try (ScriptedSite site =
            new ScriptedSite(client -> {
              self[0].head(client);
              self[0].bodies().add(client.rest());
            });
        Stage stage = Stage.of(site)) {
      self[0] = site;
      RawSocket client = stage.client();
      client.lines("PUT /a HTTP/1.1", "Host: a", "Transfer-Encoding: chunked");
      client.send(body + INNER);
      Got got = client.answer("PUT");
      assertThat(got.status()).isEqualTo(400);
      assertThat(got.field("Connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
      assertThat(String.join("", site.bodies())).doesNotContain("0\r\n\r\n");
      assertThat(site.heads()).noneMatch(head -> head.contains("smuggled"));
    }
  }

  @Test
  @DisplayName("a head that is too large: 431")
  void tooLarge() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage = Stage.of(site)) {
      RawSocket client = stage.client();
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(Stage.LIMITS.head()));
      assertThat(client.answer("GET").status()).isEqualTo(431);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  @DisplayName("what the doorkeeper refuses does not reach the site; the connection goes on")
  void ruled() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage =
            Stage.of(
                site,
                head ->
                    head.target().startsWith("/no")
                        ? new Ruling.Refuse(403, "that is not for you")
                        : new Ruling.Pass(head))) {
      RawSocket client = stage.client();
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 1_000; i++) {
        many.append("GET /no HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      client.send(
          many + "HEAD /no HTTP/1.1\r\nHost: a\r\n\r\nGET /yes HTTP/1.1\r\nHost: a\r\n\r\n");
      for (int i = 0; i < 1_000; i++) {
        Got got = client.answer("GET");
        assertThat(got.status()).isEqualTo(403);
        assertThat(got.body()).isEqualTo("that is not for you\n");
      }
      assertThat(client.answer("HEAD").status()).isEqualTo(403);
      assertThat(client.answer("GET").status()).isEqualTo(200);
      assertThat(site.heads()).hasSize(1);
      // With a body that nobody wants the connection ends.
      client.send("PUT /no HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
      assertThat(client.answer("PUT").field("Connection")).isEqualTo("close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  @DisplayName("a doorkeeper that fails lets nothing through")
  void failing() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage =
            Stage.of(
                site,
                head -> {
                  throw new IllegalStateException("broken");
                })) {
      assertThat(stage.ask("GET / HTTP/1.1", "Host: a").status()).isEqualTo(500);
      assertThat(site.heads()).isEmpty();
    }
  }

  @Test
  @DisplayName("what the doorkeeper takes out of a head, or puts in, is what the site sees")
  void rewritten() throws Exception {
    try (ScriptedSite site = ScriptedSite.echoing();
        Stage stage =
            Stage.of(
                site,
                head ->
                    new Ruling.Pass(
                        new Head(
                            head.method(),
                            head.target(),
                            head.fields().stream()
                                .filter(field -> !field.name().startsWith("X-Orig"))
                                .toList())))) {
      Got got = stage.ask("GET / HTTP/1.1", "Host: a", "X-Orig-Cluster: b", "X-Ok: 1");
      assertThat(got.body()).contains("X-Ok").doesNotContain("X-Orig");
    }
  }
}
