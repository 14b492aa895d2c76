package io.cotidal.gateway.relay;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after so many failures: longer each time, and never the same as others.
 *
 * @param first after the first failure, about
 * @param most never longer
 */
record Backoff(Duration first, Duration most) {
  private static final int DOUBLINGS = 20;

  /** Between half and all of what so many failures ask for. */
  Duration pause(int failures, RandomGenerator chance) {
    int doublings = Math.clamp(failures - 1L, 0, DOUBLINGS);
    long whole = Math.min(most.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(whole / 2 + chance.nextLong(whole / 2 + 1));
  }
}
