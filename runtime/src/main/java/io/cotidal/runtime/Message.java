package io.cotidal.runtime;

import io.cotidal.engine.Input;
import io.cotidal.model.Spec;

/** What a loop can find in its mailbox. */
sealed interface Message<S extends Spec, F> {

  /**
   * Something for the engine.
   *
   * @param answers whether it answers an effect that the loop counts as outstanding
   */
  record Take<S extends Spec, F>(Input<S, F> input, boolean answers) implements Message<S, F> {}

  /** Time to show what has changed. */
  record Show<S extends Spec, F>() implements Message<S, F> {}

  /** Begin nothing more on real members. */
  record Drain<S extends Spec, F>() implements Message<S, F> {}

  /** End. */
  record Stop<S extends Spec, F>() implements Message<S, F> {}

  /**
   * Whether this one makes {@code older} worthless: a newer look at the same member, newer
   * progress, another tick.
   */
  default boolean supersedes(Message<S, F> older) {
    if (!(this instanceof Take<S, F> mine) || !(older instanceof Take<S, F> its)) {
      return false;
    }
    return switch (mine.input()) {
      case Input.Observed<S, F> seen ->
          its.input() instanceof Input.Observed<S, F> before
              && before.member().equals(seen.member());
      case Input.Progressed<S, F> far ->
          its.input() instanceof Input.Progressed<S, F> before
              && before.operation() == far.operation()
              && before.sequence() == far.sequence();
      case Input.Tick<S, F> tick -> its.input() instanceof Input.Tick<S, F>;
      default -> false;
    };
  }
}
