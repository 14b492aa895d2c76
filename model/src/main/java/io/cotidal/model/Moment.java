package io.cotidal.model;

/**
 * A reading of both clocks of this process.
 *
 * @param nanos monotonic, for ages and deadlines inside the process; its origin is arbitrary
 * @param micros wall time in microseconds since 1970, for what is shown and persisted
 */
public record Moment(long nanos, long micros) {
  /** Nanoseconds in a millisecond. */
  public static final long MILLI = 1_000_000L;

  /** Nanoseconds that lie between the monotonic reading {@code since} and this one. */
  public long nanosSince(long since) {
    return nanos - since;
  }
}
