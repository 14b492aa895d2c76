package io.cotidal.app.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish to end early, and the answer that everything has ended. An interrupt of the thread that
 * works would be quicker and worse: it closes files that are being written. Thread-safe.
 */
public final class Stop {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Ctrl-C and a polite kill ask for the end, and the JVM then waits until {@link #ended} was
   * called.
   */
  public static Stop onSignal() {
    Stop stop = new Stop();
    Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "stop"));
    return stop;
  }

  private void requestAndWait() {
    requested.countDown();
    try {
      if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println(
            "cot: some of it did not end in time; the next `cot demo` removes what is left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits.
   *
   * @return whether the end was asked for meanwhile
   */
  boolean within(Duration pause) {
    try {
      return requested.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /**
   * Waits.
   *
   * @throws DemoProblem if the end is asked for meanwhile
   */
  void pause(Duration pause) throws DemoProblem {
    if (within(pause)) {
      throw new DemoProblem("ended before it was done, as asked");
    }
  }

  /** Everything has ended; the JVM may go. */
  public void ended() {
    ended.countDown();
  }
}
