package io.cotidal.bench.rivals;

import java.io.IOException;
import java.time.Duration;

/** Lets time pass. */
final class Pause {
  private Pause() {}

  /** So much. */
  static void of(Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("ended before it was done, as asked", e);
    }
  }
}
