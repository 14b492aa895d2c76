package io.cotidal.gateway.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.gateway.door.Field;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A body")
class BodyReaderTest {
  private static final int LIMIT = 200;
  private static final String CHUNKS =
      String.join(
          "\r\n",
          "5",
          "hello",
          "00A;name=\"v\"",
          "0123456789",
          "b;x",
          "",
          "0",
          "",
          "!!!!",
          "0",
          "X-Sum: 1",
          "Host: evil",
          "",
          "");
  private static final String TEXT = "hello0123456789\r\n0\r\n\r\n!!!!";

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static String read(BodyReader reader, String text) throws BadMessage {
    ByteBuf in = bytes(text);
    StringBuilder out = new StringBuilder();
    try {
      for (ByteBuf piece = reader.next(in); piece != null; piece = reader.next(in)) {
        out.append(piece.toString(StandardCharsets.ISO_8859_1));
        piece.release();
      }
      return out + "|" + in.toString(StandardCharsets.ISO_8859_1);
    } finally {
      in.release();
      assertThat(in.refCnt()).isZero();
    }
  }

  @Test
  @DisplayName("in chunks ends after the last one, and what follows is left")
  void chunks() throws BadMessage {
    BodyReader reader = new BodyReader(new Framing.Chunked(), LIMIT);
    assertThat(read(reader, CHUNKS + "GET /next")).isEqualTo(TEXT + "|GET /next");
    assertThat(reader.done()).isTrue();
    assertThat(reader.trailers()).containsExactly(new Field("X-Sum", "1"));
  }

  @Property(tries = 300)
  void chunksCutAnywhere(@ForAll @Size(max = 12) List<@IntRange(min = 1, max = 90) Integer> cuts)
      throws BadMessage {
    BodyReader reader = new BodyReader(new Framing.Chunked(), LIMIT);
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int cut : cuts.stream().sorted().distinct().toList()) {
      int to = Math.min(cut, CHUNKS.length());
      String got = read(reader, CHUNKS.substring(from, to));
      out.append(got, 0, got.length() - 1);
      from = to;
    }
    String got = read(reader, CHUNKS.substring(from));
    out.append(got, 0, got.length() - 1);
    assertThat(out.toString()).isEqualTo(TEXT);
    assertThat(reader.done()).isTrue();
  }

  @Test
  @DisplayName("of a length ends after so many bytes")
  void length() throws BadMessage {
    BodyReader reader = new BodyReader(new Framing.Length(5), LIMIT);
    assertThat(read(reader, "abc")).isEqualTo("abc|");
    assertThat(reader.done()).isFalse();
    assertThat(read(reader, "defg")).isEqualTo("de|fg");
    assertThat(reader.done()).isTrue();
    assertThat(read(reader, "more")).isEqualTo("|more");
  }

  @Test
  @DisplayName("of nothing is done before it begins")
  void none() {
    assertThat(new BodyReader(new Framing.None(), LIMIT).done()).isTrue();
    assertThat(new BodyReader(new Framing.Length(0), LIMIT).done()).isTrue();
  }

  @Test
  @DisplayName("that ends with the connection takes all")
  void untilClose() throws BadMessage {
    BodyReader reader = new BodyReader(new Framing.UntilClose(), LIMIT);
    assertThat(read(reader, "0\r\n\r\n")).isEqualTo("0\r\n\r\n|");
    assertThat(reader.done()).isFalse();
    assertThat(reader.endsWithConnection()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "\r\n",
        ";a\r\n",
        "-1\r\n",
        "+1\r\n",
        "0x1\r\n",
        " 1\r\n",
        "1 \r\n",
        "1\n",
        "1\rx",
        "1;a\nb",
        "1;a\u0000\r\n",
        "1234567890123456\r\n",
        "ffffffffffffffff1\r\n",
        "2\r\nabc\r\n",
        "2\r\nab\n",
        "2\r\nab\rc",
        "0\r\nX: a\n\n",
        "0\r\n\n",
        "0\r\nX : a\r\n\r\n",
        "0\r\n folded\r\n\r\n",
        "0\r\nX: a\u0000\r\n\r\n"
      })
  @DisplayName("with a chunk that two readers might understand differently is refused")
  void bad(String text) {
    assertThatThrownBy(() -> read(new BodyReader(new Framing.Chunked(), LIMIT), text))
        .isInstanceOf(BadMessage.class);
  }

  @Test
  @DisplayName("has no endless trailers and extensions")
  void bounded() {
    assertThatThrownBy(() ->
            read(
                new BodyReader(new Framing.Chunked(), LIMIT), "0\r\n" + "X: abcdef\r\n".repeat(30)))
        .isInstanceOf(BadMessage.class);
    assertThatThrownBy(
            () -> read(new BodyReader(new Framing.Chunked(), LIMIT), "1;" + "x".repeat(5_000)))
        .isInstanceOf(BadMessage.class);
  }
}
