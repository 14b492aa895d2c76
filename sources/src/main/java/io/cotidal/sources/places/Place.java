package io.cotidal.sources.places;

import io.cotidal.sources.roll.NoAnswer;
import java.time.Duration;
import java.util.Optional;

/**
 * Where members are written. Asked by one thread at a time; an interrupt ends a question at once,
 * or at its time-out at the latest.
 */
public interface Place extends AutoCloseable {
  /**
   * Asks once.
   *
   * @param last what the place was last understood to say; empty before the first answer
   * @param wait how long a place that hears of changes may wait for one; zero for an answer at once
   * @throws NoAnswer if it gives none, or none that is understood
   */
  Reading read(Optional<Reading> last, Duration wait) throws NoAnswer, InterruptedException;

  /** Whether {@link #read} waits for a change if it is let. */
  default boolean waits() {
    return false;
  }

  /** How much longer than it may wait a question may take. */
  Duration timeout();

  /** What it is and where, for people: no secrets. */
  String describe();

  @Override
  default void close() {}
}
