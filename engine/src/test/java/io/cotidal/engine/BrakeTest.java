package io.cotidal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class BrakeTest {
  @ParameterizedTest(name = "of {0} as many as {1} may go")
  @DisplayName("directory/D4: one may go by itself; of ten or more, three in ten")
  @CsvSource({"2, 1", "5, 1", "9, 1", "10, 3", "13, 3", "14, 4", "100, 30"})
  void limits(int known, int most) {
    assertThat(Brake.limit(known)).isEqualTo(most);
    assertThat(new Brake(known, most, "").lets()).isTrue();
    assertThat(new Brake(known, most, "").reason()).isEmpty();
    assertThat(new Brake(known, most + 1, "").lets()).isFalse();
  }

  @Test
  @DisplayName("directory/D4: what is held says how many went, of how many, and what to do")
  void says() {
    assertThat(new Brake(5, 2, "").reason())
        .isEqualTo(
            "2 of 5 are named no more and at most 1 may go by itself; approve each that is meant to"
                + " go");
  }

  @Test
  @DisplayName("The last one never goes by itself")
  void never() {
    assertThat(new Brake(1, 1, "").lets()).isFalse();
    assertThat(new Brake(1, 1, "").reason()).contains("all 1");
  }

  @Test
  @DisplayName("Under a suspicion nobody goes, and the reason is the suspicion")
  void suspicion() {
    assertThat(new Brake(50, 1, "we see badly").lets()).isFalse();
    assertThat(new Brake(50, 1, "we see badly").reason()).isEqualTo("we see badly");
  }
}
