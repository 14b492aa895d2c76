package io.cotidal.bench;

import java.io.IOException;
import java.time.Duration;

/** Waits for what is measured, looking again and again. */
final class Until {
  private Until() {}

  /** What is waited for. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws BenchProblem, IOException;
  }

  /**
   * Waits until it holds.
   *
   * @param what completes "never: …"
   * @param look the pause between two looks
   * @throws BenchProblem if it does not hold within {@code patience}
   */
  static void holds(String what, Duration patience, Duration look, Condition condition)
      throws BenchProblem, IOException {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new BenchProblem("never within " + patience.toSeconds() + " s: " + what);
      }
      pass(look);
    }
  }

  /** Lets that time pass. */
  static void pass(Duration time) throws BenchProblem {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }
}
