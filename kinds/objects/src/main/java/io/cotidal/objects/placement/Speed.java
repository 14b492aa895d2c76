package io.cotidal.objects.placement;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast objects move.
 *
 * @param bytesPerSecond over all that moves; 0 if that is not limited or not known
 * @param objectsPerSecond small objects are slow by their number, not by their bytes; 0 if that is
 *     not known
 */
public record Speed(long bytesPerSecond, long objectsPerSecond) {
  /** Checks both. */
  public Speed {
    if (bytesPerSecond < 0 || objectsPerSecond < 0) {
      throw new IllegalArgumentException("a speed below zero");
    }
  }

  /** So many million bytes a second, and nothing known of the number of objects. */
  public static Speed megabytes(long perSecond) {
    return new Speed(Math.multiplyExact(perSecond, 1_000_000L), 0);
  }

  /** How long that takes, rounded up to seconds; empty if no speed is known. */
  public Optional<Duration> time(Amount amount) {
    if (bytesPerSecond == 0 && objectsPerSecond == 0) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofSeconds(
            Math.max(
                seconds(amount.bytes(), bytesPerSecond),
                seconds(amount.objects(), objectsPerSecond))));
  }

  private static long seconds(long what, long perSecond) {
    return perSecond == 0 ? 0 : Math.ceilDiv(what, perSecond);
  }
}
