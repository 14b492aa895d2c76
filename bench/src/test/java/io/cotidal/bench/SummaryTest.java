package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SummaryTest {
  @Test
  void ofTwentyTheNineteenthIsTheNinetyFifthPercentile() {
    List<Long> values = LongStream.rangeClosed(1, 20).boxed().toList().reversed();
    assertThat(Summary.of(values)).isEqualTo(new Summary(20, 10, 19, 20));
  }

  @Test
  void ofOneEverythingIsThatOne() {
    assertThat(Summary.of(List.of(7L))).isEqualTo(new Summary(1, 7, 7, 7));
  }
}
