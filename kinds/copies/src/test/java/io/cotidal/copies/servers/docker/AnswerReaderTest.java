package io.cotidal.copies.servers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
final class AnswerReaderTest {
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\nEnd: 1\r\n\r\n";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  @DisplayName("chunks are put together however they are cut on the way")
  void chunks(int piece) throws Exception {
    Answer answer = read(CHUNKED, piece);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).asString().isEqualTo("hello, world");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 1000})
  @DisplayName("a body with a length ends there")
  void length(int piece) throws Exception {
    Answer answer =
        read("HTTP/1.1 404 Not Found\r\ncontent-length: 15\r\n\r\n{\"message\":\"x\"}rest", piece);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.reason()).isEqualTo("x");
    assertThat(answer.good()).isFalse();
  }

  @Test
  @DisplayName("answers without a body are whole after their head")
  void bodiless() throws Exception {
    assertThat(read("HTTP/1.1 204 No Content\r\n\r\n", 4).good()).isTrue();
    assertThat(read("HTTP/1.1 304 Not Modified\r\n\r\n", 4).good()).isTrue();
  }

  @Test
  @DisplayName("a body without length ends with the connection; one that is cut short is an error")
  void cutShort() throws Exception {
    AnswerReader open = new AnswerReader();
    assertThat(feed(open, "HTTP/1.1 200 OK\r\n\r\nabc", 2)).isFalse();
    assertThat(open.ended().body()).asString().isEqualTo("abc");

    AnswerReader cut = new AnswerReader();
    assertThat(feed(cut, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 2)).isFalse();
    assertThatThrownBy(cut::ended).hasMessageContaining("in the middle of an answer");
    AnswerReader chunk = new AnswerReader();
    assertThat(feed(chunk, CHUNKED.substring(0, CHUNKED.length() - 2), 9)).isFalse();
    assertThatThrownBy(chunk::ended).hasMessageContaining("in the middle of an answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 9x9 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  @DisplayName("what is no HTTP is refused in one line")
  void strange(String text) {
    assertThatThrownBy(() -> feed(new AnswerReader(), text, 1000))
        .isInstanceOf(DockerException.class)
        .hasMessageContaining("does not speak HTTP")
        .hasMessageNotContaining("\n");
  }

  @Test
  @DisplayName("a head without end and a body over the limit are refused")
  void endless() {
    AnswerReader head = new AnswerReader();
    assertThatThrownBy(() -> feed(head, "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000), 1000))
        .isInstanceOf(DockerException.class);
    AnswerReader body = new AnswerReader();
    String start = "HTTP/1.1 200 OK\r\nContent-Length: " + (AnswerReader.MOST + 1L) + "\r\n\r\n";
    assertThatThrownBy(
            () -> {
              feed(body, start, 1000);
              byte[] more = new byte[AnswerReader.MOST + 1];
              body.take(more, more.length);
            })
        .hasMessageContaining("it is refused");
  }

  private static Answer read(String text, int piece) throws DockerException {
    AnswerReader reader = new AnswerReader();
    assertThat(feed(reader, text, piece)).isTrue();
    return reader.answer();
  }

  private static boolean feed(AnswerReader reader, String text, int piece) throws DockerException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; at < bytes.length; at += piece) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
      if (reader.take(part, part.length)) {
        return true;
      }
    }
    return false;
  }
}
