package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("bounds of a clock that tells seconds only")
class SkewBoundsTest {
  private static final Instant START = Instant.parse("2024-05-18T02:40:00.777Z");

  @RepeatedTest(50)
  @DisplayName("hold the truth, and narrow to the time that a reading takes")
  void narrows() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Duration ahead = Duration.ofMillis(random.nextLong(-5_000, 5_000));
    SkewBounds bounds = SkewBounds.UNKNOWN;
    Instant now = START;
    Duration waited = Duration.ZERO;
    for (int i = 0; i < 20; i++) {
      Duration there = Duration.ofMillis(random.nextLong(1, 5));
      Instant got = now.plus(there).plusMillis(random.nextLong(1, 5));
      bounds = bounds.with(now, got, now.plus(there).plus(ahead).getEpochSecond());
      assertThat(bounds.steady()).as("seed %d", seed).isTrue();
      assertThat(bounds.least()).as("seed %d", seed).isLessThanOrEqualTo(ahead);
      assertThat(bounds.most()).as("seed %d", seed).isGreaterThanOrEqualTo(ahead);
      Duration wait = bounds.next(got, Duration.ofMillis(3));
      assertThat(wait).isBetween(Duration.ZERO, Duration.ofSeconds(1));
      waited = waited.plus(wait);
      now = got.plus(wait);
    }
    assertThat(bounds.width()).as("seed %d", seed).isLessThan(Duration.ofMillis(30));
    assertThat(bounds.beyond(ahead.abs().plusMillis(1))).as("seed %d", seed).isFalse();
  }

  @Test
  @DisplayName("say so when two clocks answer, and hold both")
  void twoClocks() {
    long second = START.getEpochSecond();
    SkewBounds bounds =
        SkewBounds.UNKNOWN
            .with(START, START.plusMillis(5), second)
            .with(START.plusMillis(10), START.plusMillis(15), second + 7);
    assertThat(bounds.steady()).isFalse();
    assertThat(bounds.least()).isLessThan(Duration.ZERO);
    assertThat(bounds.most()).isGreaterThan(Duration.ofSeconds(7));
    assertThat(SkewBounds.UNKNOWN.beyond(Duration.ofSeconds(2))).isFalse();
    assertThat(
            SkewBounds.UNKNOWN
                .with(START, START.plusMillis(5), second + 7)
                .beyond(Duration.ofSeconds(2)))
        .isTrue();
  }
}
