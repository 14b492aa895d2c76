package io.cotidal.copies.steps;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The bench, opened when it is first needed and again until that succeeds: a volume may be mounted,
 * or a server installed, after the daemon was started. Thread-safe.
 */
final class BenchSource {
  private final Opening opening;
  private volatile @Nullable Bench bench;

  /** Opens a bench. */
  @FunctionalInterface
  interface Opening {
    /** Finds volume and programs; the message of a failure is for an operator. */
    Bench open() throws IOException, InterruptedException;
  }

  BenchSource(Opening opening) {
    this.opening = opening;
  }

  Bench get() throws IOException, InterruptedException {
    Bench known = bench;
    if (known != null) {
      return known;
    }
    // Two that open at once both succeed alike; the one that is kept has no sessions yet.
    Bench opened = opening.open();
    bench = opened;
    return opened;
  }

  /** The bench if it was opened; null otherwise. */
  @Nullable Bench opened() {
    return bench;
  }
}
