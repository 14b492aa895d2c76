package io.cotidal.gateway.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.door.Field;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The head of an answer")
@Timeout(30)
class AnswersTest {
  private static AnswerHead read(String method, String... lines) throws BadMessage {
    String text = String.join("\r\n", lines) + "\r\n\r\n";
    return Answers.read(text.getBytes(StandardCharsets.ISO_8859_1), method);
  }

  @Test
  @DisplayName("keeps its words, the order, the case and what is there twice")
  void keepsAll() throws BadMessage {
    AnswerHead head =
        read("GET", "HTTP/1.1 200 All  fine", "b: 2", "A: 1", "b: 3", "Content-Length: 4");
    assertThat(head.reason()).isEqualTo("All  fine");
    assertThat(head.answer().fields())
        .containsExactly(
            new Field("b", "2"),
            new Field("A", "1"),
            new Field("b", "3"),
            new Field("Content-Length", "4"));
    assertThat(head.framing()).isEqualTo(new Framing.Length(4));
    assertThat(head.keepAlive()).isTrue();
    assertThat(head.last()).isTrue();
  }

  @Test
  @DisplayName("of HEAD, 204, 304 and 1xx has no body, whatever it says")
  void noBody() throws BadMessage {
    String length = "Content-Length: 4";
    assertThat(read("HEAD", "HTTP/1.1 200 OK", length).framing()).isEqualTo(new Framing.None());
    assertThat(read("HEAD", "HTTP/1.1 200 OK", length).keepAlive()).isTrue();
    assertThat(read("GET", "HTTP/1.1 304 X", length).framing()).isEqualTo(new Framing.None());
    assertThat(read("GET", "HTTP/1.1 204 X", "Content-Length: 0").keepAlive()).isTrue();
    AnswerHead lies = read("GET", "HTTP/1.1 204 X", length);
    assertThat(lies.framing()).isEqualTo(new Framing.None());
    assertThat(lies.keepAlive()).isFalse();
    assertThat(lies.answer().fields()).isEmpty();
    AnswerHead interim = read("PUT", "HTTP/1.1 100 Continue");
    assertThat(interim.framing()).isEqualTo(new Framing.None());
    assertThat(interim.last()).isFalse();
  }

  @Test
  @DisplayName("that names no end of its body ends with the connection")
  void untilClose() throws BadMessage {
    AnswerHead head = read("GET", "HTTP/1.1 200");
    assertThat(head.framing()).isEqualTo(new Framing.UntilClose());
    assertThat(head.keepAlive()).isFalse();
    assertThat(head.reason()).isEmpty();
    assertThat(read("GET", "HTTP/1.0 200 OK", "Content-Length: 1").keepAlive()).isFalse();
  }

  @Test
  @DisplayName("may say the same length twice")
  void sameTwice() throws BadMessage {
    assertThat(read("GET", "HTTP/1.1 200 OK", "Content-Length: 4", "Content-Length: 4").framing())
        .isEqualTo(new Framing.Length(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: 4|Content-Length: 5",
        "HTTP/1.1 200 OK|Content-Length: 4|Transfer-Encoding: chunked",
        "HTTP/1.1 200 OK|Transfer-Encoding: gzip",
        "HTTP/1.1 200 OK|Content-Length: x",
        "HTTP/1.1 200 OK|X : y",
        "HTTP/1.1 200 OK| folded",
        "HTTP/1.1 101 Switching Protocols",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 OK",
        "HTTP/2.0 200 OK",
        "HTTP/1.x 200 OK",
        "HTTP/1.1",
        "SSH-2.0-OpenSSH_9.2",
        ""
      })
  @DisplayName("that is none is refused")
  void refuses(String text) {
    assertThatThrownBy(() -> read("GET", text.split("\\|"))).isInstanceOf(BadMessage.class);
  }
}
