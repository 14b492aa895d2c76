package io.cotidal.feeds.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@DisplayName("Rows in text become rows in binary, or are doubted")
class BinaryRowsTest {
  private static final String HEAD = "5047434f50590aff0d0a000000000000000000";

  private static String binary(String text, Form... forms) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    String all = HexFormat.of().formatHex(new BinaryRows(in, List.of(forms)).readAllBytes());
    assertThat(all).startsWith(HEAD).endsWith("ffff");
    return all.substring(HEAD.length(), all.length() - 4);
  }

  @Test
  void rowsAndNulls() throws Exception {
    assertThat(binary("", Form.INT4)).isEmpty();
    assertThat(binary("1\t\\N\n-2\ta\\tb\\\\\n", Form.INT4, Form.TEXT))
        .isEqualTo(
            "0002"
                + "00000004"
                + "00000001"
                + "ffffffff"
                + "0002"
                + "00000004"
                + "fffffffe"
                + "00000004"
                + "6109625c");
  }

  @Test
  void longRowsAndLongTexts() throws Exception {
    String hex = "0a".repeat(300_000);
    assertThat(binary((hex + "\n").repeat(3), Form.GEOMETRY))
        .isEqualTo(("0001" + "000493e0" + hex).repeat(3));
    assertThatThrownBy(() -> binary("00".repeat(5 << 20) + "\n", Form.GEOMETRY))
        .isInstanceOf(BinaryRows.Doubt.class);
  }

  @ParameterizedTest
  @CsvSource({
    "INT2, -32768, 8000",
    "INT8, 9223372036854775807, 7fffffffffffffff",
    "FLOAT8, -0, 8000000000000000",
    "FLOAT8, 1e+20, 4415af1d78b58c40",
    "FLOAT8, 5e-324, 0000000000000001",
    "NUMERIC, 0, 00010000000000000000",
    "NUMERIC, -12345.678, 0003000140000003000109291a7c",
    "BOOL, t, 01",
    "DATE, 1999-12-31, ffffffff",
    "DATE, infinity, 7fffffff",
    "TIMESTAMP, 2000-01-01 00:00:01.5, 000000000016e360",
    "TIMESTAMPTZ, 2000-01-01 08:00:00+08, 0000000000000000",
    "TIMESTAMPTZ, 1999-12-31 19:00:01-05, 00000000000f4240",
  })
  void values(Form form, String text, String hex) throws Exception {
    assertThat(binary(text + "\n", form)).isEqualTo("0001%08x".formatted(hex.length() / 2) + hex);
  }

  @ParameterizedTest
  @CsvSource({
    "INT2, 32768",
    "INT4, 2147483648",
    "INT4, 1.0",
    "INT4, ''",
    "INT4, ' 1'",
    "INT4, +1",
    "INT8, 9223372036854775808",
    "INT4, -",
    "FLOAT8, 1f",
    "FLOAT8, 1e400",
    "FLOAT8, 1e-400",
    "FLOAT8, 0x1p3",
    "FLOAT8, ''",
    "NUMERIC, 1.",
    "NUMERIC, .5",
    "NUMERIC, 1e5",
    "NUMERIC, 1.2.3",
    "NUMERIC, Infinity",
    "BOOL, true",
    "BOOL, ''",
    "DATE, 2000-02-30",
    "DATE, 0044-03-15 BC",
    "DATE, 0000-01-01",
    "DATE, 10000-01-01",
    "TIMESTAMP, 2000-01-01 24:00:00",
    "TIMESTAMP, 2000-01-01 00:00:00+00",
    "TIMESTAMPTZ, 2000-01-01 00:00:00",
    "TEXT, a\\x41",
    "TEXT, a\\",
    "GEOMETRY, 010",
    "GEOMETRY, POINT(1 1)",
    "GEOMETRY, ''",
    "GEOMETRY, 01 2",
    "INT4, 1\\n"
  })
  void doubts(Form form, String text) {
    assertThatThrownBy(() -> binary(text + "\n", form)).isInstanceOf(BinaryRows.Doubt.class);
  }

  @Test
  void rowsOfOtherLengthsAreDoubted() {
    for (String text : List.of("1\n", "1\t2\t3\n", "1\t2", "\n")) {
      assertThatThrownBy(() -> binary(text, Form.TEXT, Form.TEXT))
          .isInstanceOf(BinaryRows.Doubt.class);
    }
  }
}
