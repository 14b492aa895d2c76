package io.cotidal.sources.spec;

import java.time.Duration;

/**
 * How a source is asked.
 *
 * @param period the pause between two questions; a source that says by itself when something has
 *     changed is heard in between
 * @param timeout within which an answer has to be whole
 * @param believesEmpty whether an answer without members is believed; if not, it counts as none
 */
public record Habits(Duration period, Duration timeout, boolean believesEmpty) {
  /** Every half minute, ten seconds for an answer, an empty one is not believed. */
  public static final Habits USUAL =
      new Habits(Duration.ofSeconds(30), Duration.ofSeconds(10), false);

  /** Checks that both times are positive. */
  public Habits {
    if (!period.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException("period and time-out must be above zero");
    }
  }

  /** The same, with another belief in empty answers. */
  public Habits believingEmpty(boolean believes) {
    return new Habits(period, timeout, believes);
  }

  /** The same with another period. */
  public Habits every(Duration other) {
    return new Habits(other, timeout, believesEmpty);
  }

  /** The same with another time-out. */
  public Habits within(Duration other) {
    return new Habits(period, other, believesEmpty);
  }
}
