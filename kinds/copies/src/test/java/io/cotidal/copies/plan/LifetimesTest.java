package io.cotidal.copies.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class LifetimesTest {
  @ParameterizedTest
  @CsvSource({
    "never,0,never",
    "90,90,90s",
    "90s,90,90s",
    "60,60,1m",
    "90m,5400,90m",
    "8h,28800,8h",
    "24h,86400,1d",
    "2d,172800,2d",
    "0,0,never",
    "3660d,316224000,3660d"
  })
  void reads(String text, long seconds, String shown) {
    assertThat(Lifetimes.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(Lifetimes.text(Duration.ofSeconds(seconds))).isEqualTo(shown);
    assertThat(Lifetimes.parse(shown)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1w",
        "-1",
        "1.5h",
        "h",
        "8 h",
        "1000000000",
        "3661d",
        "8H",
        "Never",
        "\u0661"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> Lifetimes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write 90m, 8h");
  }
}
