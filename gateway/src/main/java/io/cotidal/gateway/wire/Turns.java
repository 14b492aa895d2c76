package io.cotidal.gateway.wire;

import java.util.function.BooleanSupplier;

/**
 * Takes one step after another as long as each leads to the next. A step may lead back here: that
 * makes the steps go on, and the stack no deeper.
 */
final class Turns {
  private boolean running;
  private boolean again;

  /**
   * Goes on.
   *
   * @param step says whether another one may follow
   * @return whether the steps were taken here, and not by whoever takes them already
   */
  boolean go(BooleanSupplier step) {
    if (running) {
      again = true;
      return false;
    }
    running = true;
    try {
      do {
        again = false;
        while (step.getAsBoolean()) {
          // As long as something comes of it.
        }
      } while (again);
      return true;
    } finally {
      running = false;
    }
  }
}
