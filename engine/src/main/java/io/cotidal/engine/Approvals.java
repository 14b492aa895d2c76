package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * How long a person's word holds for an operation that has not begun: as long as the facts are
 * those on which it was given, and not for ever. Pure.
 */
final class Approvals {
  private static final long MICROS_A_MINUTE = 60_000_000;
  private static final long MINUTES_A_DAY = 24 * 60;

  private Approvals() {}

  /**
   * Why the approval has ended by time, if it has. Measured in wall time, because it outlives
   * processes: a clock that steps back ends none early.
   */
  static Optional<String> expired(Operation operation, Spec spec, Moment now) {
    Duration age = Duration.of(now.micros() - operation.approvedMicros(), ChronoUnit.MICROS);
    if (age.compareTo(spec.approvalLifetime()) < 0) {
      return Optional.empty();
    }
    Actor by = operation.approvedBy();
    return Optional.of(
        "the approval"
            + (by == null ? "" : " by " + by)
            + " at "
            + time(operation.approvedMicros())
            + " (UTC) has expired: approve the new proposal");
  }

  private static String time(long micros) {
    long minute = Math.floorMod(Math.floorDiv(micros, MICROS_A_MINUTE), MINUTES_A_DAY);
    return String.format(Locale.ROOT, "%02d:%02d", minute / 60, minute % 60);
  }
}
