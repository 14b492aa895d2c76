package io.cotidal.cli.terminal;

import java.time.Duration;
import java.time.ZoneId;

/** Clocks and pauses, passed in so that tests need not wait. */
public interface Time {
  /** Monotonic nanoseconds; the origin is arbitrary. */
  long nanos();

  /** Wall time in microseconds since 1970. */
  long micros();

  /** Where the person at the terminal is. */
  ZoneId zone();

  /**
   * Lets {@code length} pass.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  void pause(Duration length) throws InterruptedException;

  /** This machine's. */
  static Time system() {
    return new Time() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public long micros() {
        return System.currentTimeMillis() * 1000;
      }

      @Override
      public ZoneId zone() {
        return ZoneId.systemDefault();
      }

      @Override
      public void pause(Duration length) throws InterruptedException {
        Thread.sleep(length);
      }
    };
  }
}
