package io.cotidal.pgclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
@DisplayName("a control file that is changed and sealed again")
final class ControlBytesTest {
  private static byte[] file(int version, int checksum) {
    byte[] bytes = new byte[8192];
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    file.putLong(0, 7_710_646_190_590_364_908L).putInt(8, version);
    for (int i = 16; i < checksum; i++) {
      bytes[i] = (byte) (i * 31);
    }
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, checksum);
    file.putInt(checksum, (int) sum.getValue());
    return bytes;
  }

  @ParameterizedTest(name = "version {0}, checksum at {1}")
  @CsvSource({"1300,288", "1300,292", "1800,292"})
  void changed(int version, int checksum) {
    ControlBytes before = ControlBytes.of(file(version, checksum));
    assertThat(before.systemId()).isEqualTo("7710646190590364908");
    ControlBytes after = before.withSystemId(42).withMinimumRecovery(0x3000148, 5);
    ByteBuffer read = ByteBuffer.wrap(after.bytes()).order(ByteOrder.nativeOrder());
    assertThat(ControlBytes.of(after.bytes()).systemId()).isEqualTo("42");
    assertThat(read.getLong(136)).isEqualTo(0x3000148);
    assertThat(read.getInt(144)).isEqualTo(5);
    byte[] rest = after.bytes();
    byte[] old = before.bytes();
    for (int i = 8; i < 8192; i++) {
      boolean meant = (i >= 136 && i < 148) || (i >= checksum && i < checksum + 4);
      assertThat(meant || rest[i] == old[i]).as("byte %d", i).isTrue();
    }
  }

  @Test
  @DisplayName("one that is damaged, short or of an unknown version is not touched")
  void refused() {
    byte[] damaged = file(1300, 288);
    damaged[20] ^= 1;
    assertThatThrownBy(() -> ControlBytes.of(damaged)).hasMessageContaining("damaged");
    assertThatThrownBy(() -> ControlBytes.of(file(1900, 288))).hasMessageContaining("1900");
    assertThatThrownBy(() -> ControlBytes.of(new byte[100])).hasMessageContaining("too short");
  }
}
