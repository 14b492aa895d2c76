package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TourResultTest {
  private static Measured measured(Strike strike, long gap, long lost, long dual, long afterThaw) {
    return new Measured(
        strike,
        "a",
        "b",
        Duration.ofMillis(gap),
        lost,
        dual,
        afterThaw,
        Duration.ofSeconds(3),
        Map.of(),
        Optional.empty());
  }

  @Test
  void aWholeTourIsOneLineOfJson() {
    var result =
        TourResult.of(
            List.of(
                measured(Strike.SWITCHOVER, 251, 0, 0, 0),
                measured(Strike.CRASH, 702, 0, 0, 0),
                measured(Strike.FREEZE, 1999, 0, 0, 0)),
            true);
    assertThat(result.json())
        .isEqualTo(
            "{\"members\":3,\"switchover_gap_ms\":251,\"crash_gap_ms\":702,\"freeze_gap_ms\":1999,"
                + "\"lost_rows\":0,\"dual_writes\":0,\"ok\":true}");
  }

  @Test
  void whatWasNotReachedIsNullAndNotOk() {
    var result = TourResult.of(List.of(measured(Strike.SWITCHOVER, 251, 0, 0, 0)), false);
    assertThat(result.ok()).isFalse();
    assertThat(result.json()).contains("\"crash_gap_ms\":null").endsWith("\"ok\":false}");
  }

  @Test
  void aLostRowIsNotOk() {
    assertThat(TourResult.of(List.of(measured(Strike.CRASH, 1, 1, 0, 0)), true).ok()).isFalse();
  }

  @Test
  void whatAThawedPrimaryAcknowledgesCountsAsDual() {
    var result = TourResult.of(List.of(measured(Strike.FREEZE, 1, 0, 0, 2)), true);
    assertThat(result.ok()).isFalse();
    assertThat(result.json()).contains("\"dual_writes\":2");
  }
}
