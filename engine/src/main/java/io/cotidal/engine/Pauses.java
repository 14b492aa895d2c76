package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Moment;
import io.cotidal.model.Pause;
import io.cotidal.model.Severity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource on which nothing is done by itself: how that begins and ends. What people ask for is
 * done all the same, and what was begun goes on to its end. A pause's end is wall time in the
 * store, and a monotonic deadline in memory: clocks that jump end it neither early nor late.
 */
final class Pauses {
  private static final long NEVER = Long.MAX_VALUE;

  private Optional<Pause> known = Optional.empty();
  private long endsNanos = NEVER;

  /** Looks whether another pause is in force than before; never later than it was meant to last. */
  void follow(State<?> state) {
    if (known.equals(state.pause())) {
      return;
    }
    known = state.pause();
    Moment now = state.now();
    endsNanos =
        known
            .filter(pause -> pause.untilMicros() > 0)
            .map(pause ->
                now.nanos()
                    + 1_000 * Math.clamp(pause.untilMicros() - now.micros(), 0, pause.lifeMicros()))
            .orElse(NEVER);
  }

  /** When it ends by itself, if that is before {@code at}; both monotonic. */
  long orEnd(long at) {
    return Math.min(at, endsNanos);
  }

  /** Whether its time has passed. */
  boolean over(State<?> state) {
    return known.isPresent() && state.now().nanos() >= endsNanos;
  }

  /** Writes down that nothing is done by itself from now on. */
  static void begin(Turn<?> turn, Command.Pause asked) {
    Moment now = turn.state().now();
    long micros = asked.life().toNanos() / 1_000;
    Pause pause =
        new Pause(
            now.micros(), micros == 0 ? 0 : now.micros() + micros, asked.actor(), asked.reason());
    turn.row(new Row.PutPause(Optional.of(pause)));
    String text =
        "paused by "
            + asked.actor()
            + (micros == 0 ? "" : " for " + asked.life().toSeconds() + " s")
            + (asked.reason().isEmpty() ? "" : ": " + asked.reason());
    turn.log(Severity.WARNING, "paused", 0, asked.actor(), text, Details.NONE);
  }

  /**
   * Writes down that things are done by themselves again.
   *
   * @param actor who ended it; null if its time has passed
   */
  static void end(Turn<?> turn, @Nullable Actor actor) {
    turn.row(new Row.PutPause(Optional.empty()));
    if (actor == null) {
      turn.log(Severity.INFO, "pause-over", 0, null, "the pause is over", Details.NONE);
    } else {
      turn.log(Severity.INFO, "resumed", 0, actor, "resumed by " + actor, Details.NONE);
    }
  }
}
