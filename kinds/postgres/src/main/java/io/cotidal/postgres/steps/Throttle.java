package io.cotidal.postgres.steps;

import io.cotidal.model.Moment;
import java.time.Duration;

/**
 * Keeps a copy at its pace.
 *
 * @param rate bytes a second; 0 for as many as there can be
 * @param began when it began, in nanoseconds of the clock that {@link #ahead} is asked with
 */
record Throttle(long rate, long began) {
  private static final double SECOND = 1_000.0 * Moment.MILLI;

  /** How long a copy of so many bytes is ahead of its pace; zero if it is not. */
  Duration ahead(long bytes, long now) {
    if (rate <= 0) {
      return Duration.ZERO;
    }
    long due = Math.round(bytes / (double) rate * SECOND);
    return Duration.ofNanos(Math.max(0, due - (now - began)));
  }
}
