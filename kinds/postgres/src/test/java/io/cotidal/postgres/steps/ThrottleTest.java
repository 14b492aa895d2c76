package io.cotidal.postgres.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ThrottleTest {
  @Test
  @DisplayName("a copy waits for as long as it is ahead of its pace, and not when it is behind")
  void pace() {
    Throttle throttle = new Throttle(10L << 20, 5_000);
    assertThat(throttle.ahead(20L << 20, 5_000)).isEqualTo(Duration.ofSeconds(2));
    assertThat(throttle.ahead(20L << 20, 1_500_005_000L)).isEqualTo(Duration.ofMillis(500));
    assertThat(throttle.ahead(20L << 20, 9_000_005_000L)).isZero();
    assertThat(new Throttle(0, 0).ahead(Long.MAX_VALUE, 0)).isZero();
    assertThat(new Throttle(1L << 10, 0).ahead(1L << 50, 0)).isGreaterThan(Duration.ofDays(1));
  }
}
