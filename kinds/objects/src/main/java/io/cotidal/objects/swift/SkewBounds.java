package io.cotidal.objects.swift;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;

/**
 * By how much a clock elsewhere is ahead of ours, from readings that have whole seconds only. Each
 * reading leaves a second and the time that it took; where its second began narrows that down, so
 * readings near a change of the second are asked for until little is left.
 *
 * @param least ahead by at least so much; negative is behind
 * @param most ahead by at most so much
 * @param steady whether all readings fit together; if not, several clocks answer, or one was set,
 *     and the bounds hold all of them
 * @param readings how many
 */
public record SkewBounds(Duration least, Duration most, boolean steady, int readings) {
  /** Nothing is known. */
  public static final SkewBounds UNKNOWN =
      new SkewBounds(Duration.ofDays(-36_500), Duration.ofDays(36_500), true, 0);

  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * With one reading more.
   *
   * @param sent by our clock, before it was asked
   * @param got by our clock, when it had answered
   * @param second what it said: the second in which its clock was at some time between these
   */
  public SkewBounds with(Instant sent, Instant got, long second) {
    Instant begin = Instant.ofEpochSecond(second);
    Duration low = Duration.between(got, begin);
    Duration high = Duration.between(sent, begin).plus(SECOND);
    if (readings == 0) {
      return new SkewBounds(low, high, true, 1);
    }
    Duration inner = later(least, low);
    Duration outer = earlier(most, high);
    if (!steady || inner.compareTo(outer) > 0) {
      return new SkewBounds(earlier(least, low), later(most, high), false, readings + 1);
    }
    return new SkewBounds(inner, outer, true, readings + 1);
  }

  /** How far the bounds are apart. */
  public Duration width() {
    return most.minus(least);
  }

  /** The middle between the bounds. */
  public Duration middle() {
    return least.plus(width().dividedBy(2));
  }

  /** Whether it is off by more than that, in either direction, for sure. */
  public boolean beyond(Duration limit) {
    return readings > 0 && (least.compareTo(limit) > 0 || most.compareTo(limit.negated()) < 0);
  }

  /**
   * How long to wait for the reading that tells most: at which the other clock, were it ahead by
   * the middle, would begin a second.
   *
   * @param trip how long a reading takes to get there
   */
  public Duration next(Instant now, Duration trip) {
    Instant there = now.plus(middle()).plus(trip);
    int past = there.get(ChronoField.NANO_OF_SECOND);
    return past == 0 ? Duration.ZERO : Duration.ofNanos(SECOND.toNanos() - past);
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration earlier(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
