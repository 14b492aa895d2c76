package io.cotidal.engine;

import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import java.util.List;

/**
 * How long the planner waits before it tries the same again: after failures, and after successes
 * that the next look did not confirm, for an operation that is wanted over and over does not do
 * what it says. Pure.
 */
final class Backoff {
  private static final long FIRST_PAUSE = 500_000L;

  /** So long back a success counts as a repetition, in microseconds. */
  private static final long REPEAT = 10_000_000L;

  /** So many repetitions are nothing unusual. */
  private static final long FREE_REPEATS = 3;

  private Backoff() {}

  /**
   * Whether {@code want} must wait.
   *
   * @param recent ended operations, newest first
   * @param now wall time in microseconds
   */
  static boolean pauses(List<Operation> recent, OperationType<?, ?> type, Wanted want, long now) {
    long failures = 0;
    long repeats = 0;
    long last = 0;
    for (Operation past : recent) {
      if (!past.type().equals(want.type()) || !past.input().equals(want.input())) {
        continue;
      }
      boolean moot = past.state() == OperationState.SUPERSEDED && past.startedMicros() != 0;
      if (past.state() == OperationState.FAILED || moot) {
        failures++;
      } else if (past.state() == OperationState.DONE && now - past.endedMicros() < REPEAT) {
        repeats++;
      } else {
        break;
      }
      last = Math.max(last, past.endedMicros());
    }
    long doublings = failures + Math.max(0, repeats - FREE_REPEATS);
    long longest = type.longestPause().toNanos() / 1_000;
    long pause = Math.min(longest, FIRST_PAUSE << Math.min(doublings, 20));
    // A clock that stepped back must not make the pause longer than it is.
    return doublings > 0 && now - last < pause && now >= last;
  }
}
