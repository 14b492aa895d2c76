package io.cotidal.app.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last line of a tour.
 *
 * @param measured what was done, in order
 * @param complete whether the tour came to its end
 */
record TourResult(List<Measured> measured, boolean complete) {
  TourResult {
    measured = List.copyOf(measured);
  }

  static TourResult of(List<Measured> measured, boolean complete) {
    return new TourResult(measured, complete);
  }

  /** Whether everything was done, nothing was lost and nobody wrote beside the primary. */
  boolean ok() {
    return complete && lost() == 0 && dual() == 0;
  }

  String json() {
    return "{\"members\":3,\"switchover_gap_ms\":%s,\"crash_gap_ms\":%s,\"freeze_gap_ms\":%s,\"lost_rows\":%d,\"dual_writes\":%d,\"ok\":%b}"
        .formatted(
            gap(Strike.SWITCHOVER), gap(Strike.CRASH), gap(Strike.FREEZE), lost(), dual(), ok());
  }

  private long lost() {
    return measured.stream().mapToLong(Measured::lost).sum();
  }

  private long dual() {
    return measured.stream().mapToLong(each -> each.dual() + each.afterThaw()).sum();
  }

  private @Nullable Long gap(Strike strike) {
    for (Measured each : measured) {
      if (each.strike() == strike) {
        return each.gap().toMillis();
      }
    }
    return null;
  }
}
