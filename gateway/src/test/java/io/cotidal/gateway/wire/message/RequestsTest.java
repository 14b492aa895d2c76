package io.cotidal.gateway.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.door.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The head of a request")
@Timeout(30)
class RequestsTest {
  private static RequestHead read(String... lines) throws BadMessage {
    String text = String.join("\r\n", lines) + "\r\n\r\n";
    return Requests.read(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  @DisplayName("keeps the target, the order, the case and what is there twice")
  void keepsAll() throws BadMessage {
    RequestHead head =
        read(
            "PUT /v1/AUTH_a/c/../d//x%2Fy;p=1?a=b&a=%00 HTTP/1.1",
            "hOsT: here",
            "X-Two: 2",
            "x-one:1 \t ",
            "X-Two:  2b  c",
            "X-Empty:",
            "X-Bytes: \u00c3\u00a4\u00ff");
    assertThat(head.head().method()).isEqualTo("PUT");
    assertThat(head.head().target()).isEqualTo("/v1/AUTH_a/c/../d//x%2Fy;p=1?a=b&a=%00");
    assertThat(head.head().fields())
        .containsExactly(
            new Field("hOsT", "here"),
            new Field("X-Two", "2"),
            new Field("x-one", "1"),
            new Field("X-Two", "2b  c"),
            new Field("X-Empty", ""),
            new Field("X-Bytes", "\u00c3\u00a4\u00ff"));
    assertThat(head.framing()).isEqualTo(new Framing.None());
    assertThat(head.keepAlive()).isTrue();
  }

  @Test
  @DisplayName("takes a target in UTF-8 as it is, byte by byte")
  void utf8() throws BadMessage {
    assertThat(read("GET /\u00c3\u00a4 HTTP/1.1", "Host: a").head().target())
        .isEqualTo("/\u00c3\u00a4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked",
        "GET / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5",
        "GET / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6",
        "GET / HTTP/1.1|Host: a|Content-Length: 5|content-length: 5",
        "GET / HTTP/1.1|Host: a|Content-Length: 5, 5",
        "GET / HTTP/1.1|Host: a|Content-Length: +5",
        "GET / HTTP/1.1|Host: a|Content-Length: -5",
        "GET / HTTP/1.1|Host: a|Content-Length: 0x5",
        "GET / HTTP/1.1|Host: a|Content-Length: 5 5",
        "GET / HTTP/1.1|Host: a|Content-Length:",
        "GET / HTTP/1.1|Host: a|Content-Length: 99999999999999999999",
        "GET / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked",
        "GET / HTTP/1.0|Host: a|Transfer-Encoding: chunked",
        "GET / HTTP/1.1|Host: a|Transfer-Encoding : chunked",
        "GET / HTTP/1.1|Host: a|X : space before the colon",
        "GET / HTTP/1.1|Host: a|X\t: tab before the colon",
        "GET / HTTP/1.1|Host: a|X: folded| over two",
        "GET / HTTP/1.1|Host: a|\tX: folded",
        "GET / HTTP/1.1| Host: a",
        "GET / HTTP/1.1|Host: a|: no name",
        "GET / HTTP/1.1|Host: a|no colon",
        "GET / HTTP/1.1|Host: a|X: a\u0000b",
        "GET / HTTP/1.1|Host: a|X\u0000: b",
        "GET / HTTP/1.1|Host: a|X: a\rb",
        "GET / HTTP/1.1|Host: a|X: a\u007fb",
        "GET / HTTP/1.1|Host: a|X: a\u0001b",
        "GET / HTTP/1.1|Host: a|X[1]: b",
        "GET / HTTP/1.1|Host: a|\u00fc: b",
        "GET / HTTP/1.1|Host: a|Host: b",
        "GET / HTTP/1.1",
        "GET  / HTTP/1.1|Host: a",
        "GET /  HTTP/1.1|Host: a",
        "GET /a b HTTP/1.1|Host: a",
        "GET /a\tb HTTP/1.1|Host: a",
        "GET /a\u0000 HTTP/1.1|Host: a",
        " GET / HTTP/1.1|Host: a",
        "GET / http/1.1|Host: a",
        "GET / HTTP/1.1 |Host: a",
        "GET / HTTP/1.1\t|Host: a",
        "GET / HTTP/11|Host: a",
        "GET / HTTP/1.10|Host: a",
        "GET / HTTP/2.0|Host: a",
        "GET /|Host: a",
        "GET http://a/b HTTP/1.1|Host: a",
        "GET a/b HTTP/1.1|Host: a",
        "GET|Host: a",
        "G(T / HTTP/1.1|Host: a",
        "\u0016\u0003\u0001"
      })
  @DisplayName("that two readers might understand differently is refused")
  void refuses(String text) {
    assertThatThrownBy(() -> read(text.split("\\|")))
        .isInstanceOfSatisfying(BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @CsvSource({"GET / HTTP/1.2,505", "CONNECT a:1 HTTP/1.1,501"})
  @DisplayName("of what is not served is answered so")
  void notServed(String first, int status) {
    assertThatThrownBy(() -> read(first, "Host: a"))
        .isInstanceOfSatisfying(
            BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(status));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip, chunked", "gzip", "identity", "chunked, chunked", "\"chunked\"", ""})
  @DisplayName("in a coding that is not served is answered so")
  void otherCodings(String coding) {
    assertThatThrownBy(() -> read("PUT / HTTP/1.1", "Host: a", "Transfer-Encoding: " + coding))
        .isInstanceOfSatisfying(BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(501));
  }

  @Test
  @DisplayName("with too many fields is refused")
  void tooMany() {
    assertThatThrownBy(() -> read("GET / HTTP/1.1", "Host: a" + "\r\na:".repeat(1_001)))
        .isInstanceOfSatisfying(BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(431));
  }

  @Test
  @DisplayName("loses what is of the connection, and what Connection names")
  void losesHops() throws BadMessage {
    RequestHead head =
        read(
            "GET / HTTP/1.1",
            "Host: a",
            "Connection: X-Mine , keep-alive",
            "Keep-Alive: timeout=5",
            "X-Mine: 1",
            "x-mine: 2",
            "TE: trailers",
            "Upgrade: h2c",
            "Proxy-Connection: close",
            "Connection: host, content-length",
            "Content-Length: 0",
            "X-Auth-Token: t");
    assertThat(head.head().fields())
        .extracting(Field::name)
        .containsExactly("Host", "Content-Length", "X-Auth-Token");
    assertThat(head.keepAlive()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1.1,X-No: 1,true",
    "1.1,Connection: close,false",
    "1.1,Connection: Close,false",
    "1.1,'Connection: x, close',false",
    "1.0,X-No: 1,false",
    "1.0,Connection: keep-alive,true",
    "1.0,Connection: Keep-Alive,true"
  })
  @DisplayName("says whether another request will follow")
  void keepAlive(String version, String line, boolean keep) throws BadMessage {
    assertThat(read("GET / HTTP/" + version, "Host: a", line).keepAlive()).isEqualTo(keep);
  }

  @Test
  @DisplayName("asks for 100 only if it can understand it and has a body")
  void expects() throws BadMessage {
    String expect = "eXpect: 100-Continue";
    RequestHead asks = read("PUT / HTTP/1.1", "Host: a", expect, "Content-Length: 1");
    assertThat(asks.expectsContinue()).isTrue();
    assertThat(asks.head().fields()).contains(new Field("eXpect", "100-Continue"));
    for (List<String> lines :
        List.of(
            List.of("PUT / HTTP/1.0", "Host: a", expect, "Content-Length: 1"),
            List.of("PUT / HTTP/1.1", "Host: a", expect, "Content-Length: 0"),
            List.of("PUT / HTTP/1.1", "Host: a", expect))) {
      RequestHead head = read(lines.toArray(String[]::new));
      assertThat(head.expectsContinue()).isFalse();
      assertThat(head.head().fields()).noneMatch(field -> field.is("Expect"));
    }
  }

  @Test
  @DisplayName("says how the end of its body is found")
  void framing() throws BadMessage {
    assertThat(read("PUT / HTTP/1.1", "Host: a", "Content-Length: 012").framing())
        .isEqualTo(new Framing.Length(12));
    assertThat(read("PUT / HTTP/1.1", "Host: a", "transfer-encoding:Chunked").framing())
        .isEqualTo(new Framing.Chunked());
    assertThat(read("PUT / HTTP/1.0", "Content-Length: 5368709122").framing())
        .isEqualTo(new Framing.Length(5_368_709_122L));
  }
}
