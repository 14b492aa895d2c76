package io.cotidal.objects.mover;

import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes per second over all that is moved. Thread-safe. */
public final class Throttle {
  /** So much may be saved up while nothing moves. */
  private static final long SAVED = Duration.ofMillis(250).toNanos();

  private final long bytesPerSecond;
  private final AtomicLong free = new AtomicLong(System.nanoTime());

  /**
   * A throttle.
   *
   * @param bytesPerSecond 0 for no limit
   */
  public Throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits until so many bytes may have moved, or until the deadline. */
  void moved(long bytes, Deadline deadline) throws InterruptedException {
    if (bytesPerSecond <= 0 || bytes <= 0) {
      return;
    }
    long cost = (long) (bytes * 1e9 / bytesPerSecond);
    long now = System.nanoTime();
    long until = free.updateAndGet(last -> Math.max(last, now - SAVED) + cost);
    for (long left = until - now; left > 0 && !deadline.over(); left = until - System.nanoTime()) {
      deadline.pause(Duration.ofNanos(left));
    }
  }
}
