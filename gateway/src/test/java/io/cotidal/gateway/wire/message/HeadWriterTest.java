package io.cotidal.gateway.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.door.Field;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A head on its way out")
@Timeout(30)
class HeadWriterTest {
  private static String written(Consumer<HeadWriter> what) {
    ByteBuf out = Unpooled.buffer();
    HeadWriter writer = new HeadWriter(out);
    what.accept(writer);
    writer.end();
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  @DisplayName("says how long the body is where it was said, in the same case")
  void framed() {
    List<Field> fields =
        List.of(new Field("A", "1"), new Field("content-length", "9"), new Field("B", ""));
    assertThat(written(head -> head.request("GET", "/a").framed(fields, new Framing.Length(9))))
        .isEqualTo("GET /a HTTP/1.1\r\nA: 1\r\ncontent-length: 9\r\nB: \r\n\r\n");
    assertThat(written(head -> head.status(200, "OK").framed(fields, new Framing.Chunked())))
        .isEqualTo("HTTP/1.1 200 OK\r\nA: 1\r\nB: \r\nTransfer-Encoding: chunked\r\n\r\n");
    assertThat(written(head -> head.framed(fields, new Framing.UntilClose())))
        .isEqualTo("A: 1\r\nB: \r\n\r\n");
    assertThat(written(head -> head.framed(List.of(), new Framing.Length(3))))
        .isEqualTo("Content-Length: 3\r\n\r\n");
    assertThat(written(head -> head.fields(fields))).contains("content-length: 9\r\n");
  }

  @Test
  @DisplayName("keeps every byte, and no field ends its line")
  void bytes() {
    StringBuilder all = new StringBuilder();
    for (char letter = ' '; letter < 256; letter++) {
      all.append(letter);
    }
    assertThat(written(head -> head.field("A", all.toString()))).contains(all);
    assertThat(written(head -> head.field("A", "x\r\nEvil: 1\n\u0000\u010a\u010d")))
        .isEqualTo("A: x??Evil: 1????\r\n\r\n");
    assertThat(written(head -> head.field("A", "v".repeat(100_000)))).hasSize(100_007);
  }

  @Test
  @DisplayName("chunks have their marks")
  void chunks() {
    ByteBuf out = Unpooled.buffer();
    HeadWriter.chunk(out, 262_144);
    HeadWriter.chunkEnd(out);
    HeadWriter.lastChunk(out, List.of(new Field("T", "1")));
    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("40000\r\n\r\n0\r\nT: 1\r\n\r\n");
  }
}
