package io.cotidal.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guarantee is called in the metrics. */
@Timeout(20)
class MetricsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zero loss: a commit waits for 1 of b,c|zero loss",
        "bounded by 16777216 bytes: a commit waits for no replica|bounded",
        "unguarded: a commit waits for no replica|unguarded",
        "changing: a commit waits for ANY 1 (b)|changing",
        "no primary answers: nothing is acknowledged; 8 bytes at risk|no primary answers",
        "''|",
        "17 of 20: x|",
        "nothing in particular|",
      })
  @DisplayName("A guarantee is one of a few words in the metrics, and never a number")
  void level(String guarantee, String level) {
    assertThat(Metrics.level(guarantee).orElse(null)).isEqualTo(level);
  }
}
