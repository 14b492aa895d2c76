package io.cotidal.gateway.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The end of a head")
@Timeout(30)
class HeadScanTest {
  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  @Test
  @DisplayName("is found wherever the bytes are cut")
  void cutAnywhere() throws BadMessage {
    String head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    String text = head + "GET /next";
    HeadScan scan = new HeadScan(1_000);
    for (int round = 0; round < 2; round++) {
      ByteBuf in = Unpooled.buffer();
      in.writeBytes(new byte[] {1, 2, 3}).skipBytes(3);
      for (int i = 0; i < text.length(); i++) {
        in.writeByte(text.charAt(i));
        int length = scan.length(in);
        assertThat(length).isEqualTo(i == head.length() - 1 ? head.length() : 0);
        if (length > 0) {
          break;
        }
      }
      in.release();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\n", "\n", "a\r\nb\n"})
  @DisplayName("is not a bare LF")
  void bareLf(String text) {
    assertThatThrownBy(() -> new HeadScan(1_000).length(bytes(text)))
        .isInstanceOf(BadMessage.class);
  }

  @Test
  @DisplayName("comes within the limit")
  void limit() throws BadMessage {
    String text = "a".repeat(60) + "\r\n\r\n";
    assertThat(new HeadScan(64).length(bytes(text))).isEqualTo(64);
    assertThatThrownBy(() -> new HeadScan(63).length(bytes(text)))
        .isInstanceOfSatisfying(BadMessage.class, bad -> assertThat(bad.status()).isEqualTo(431));
    assertThat(new HeadScan(64).length(bytes("a".repeat(63)))).isZero();
  }

  @Test
  @DisplayName("is not an empty line before it")
  void emptyLines() throws BadMessage {
    ByteBuf in = bytes("\r\n\r\nGET");
    assertThat(HeadScan.skipEmptyLines(in)).isTrue();
    assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET");
    assertThat(HeadScan.skipEmptyLines(bytes("\r\n\r"))).isFalse();
    assertThat(HeadScan.skipEmptyLines(bytes(""))).isFalse();
    assertThatThrownBy(() -> HeadScan.skipEmptyLines(bytes("\rG"))).isInstanceOf(BadMessage.class);
  }
}
