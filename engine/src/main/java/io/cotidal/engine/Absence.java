package io.cotidal.engine;

/**
 * For how long a member has been lacking in what its source answers. Time in which the source does
 * not answer is not counted.
 *
 * @param counted nanoseconds, until {@code since}
 * @param since monotonic time from which on more is counted
 * @param counting whether more is counted
 */
public record Absence(long counted, long since, boolean counting) {
  /** It begins now. */
  static Absence from(long now, boolean counting) {
    return new Absence(0, now, counting);
  }

  /** Goes on counting, or stops, at monotonic {@code now}. */
  Absence counting(long now, boolean goesOn) {
    return goesOn == counting ? this : new Absence(nanos(now), now, goesOn);
  }

  /** Nanoseconds until monotonic {@code now}. */
  public long nanos(long now) {
    return counting ? counted + now - since : counted;
  }
}
