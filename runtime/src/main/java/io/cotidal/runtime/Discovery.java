package io.cotidal.runtime;

import io.cotidal.engine.MemberSource;
import java.time.Duration;

/**
 * Where a resource's members come from.
 *
 * @param source closed by the daemon when it stops
 * @param period how often it is asked; one that can wait for news tells them at once
 */
public record Discovery(MemberSource source, Duration period) {
  /**
   * Checks the period.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public Discovery {
    if (!period.isPositive()) {
      throw new IllegalArgumentException("a source is asked every " + period + ": give a time");
    }
  }
}
