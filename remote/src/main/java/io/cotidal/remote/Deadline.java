package io.cotidal.remote;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A point in monotonic time at which a wait ends.
 *
 * @param nanos a reading of {@link System#nanoTime()}
 */
public record Deadline(long nanos) {
  /** That long from now. */
  public static Deadline in(Duration length) {
    return new Deadline(System.nanoTime() + length.toNanos());
  }

  /** What is left; never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean over() {
    return nanos - System.nanoTime() <= 0;
  }

  /** The earlier of this one and {@code length} from now. */
  public Deadline atMost(Duration length) {
    Deadline other = in(length);
    return other.nanos - nanos < 0 ? other : this;
  }

  /**
   * Seven eighths of what is left: so that a wait inside an act leaves time to say how it ended.
   */
  public Deadline most() {
    return in(left().multipliedBy(7).dividedBy(8));
  }

  /**
   * Waits that long, or for what is left if that is less.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public void pause(Duration length) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting");
    }
    long wait = Math.min(length.toNanos(), left().toNanos());
    if (wait > 0) {
      LockSupport.parkNanos(wait);
    }
  }
}
