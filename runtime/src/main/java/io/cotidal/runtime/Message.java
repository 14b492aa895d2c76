package io.cotidal.runtime;

import io.cotidal.engine.Input;
import io.cotidal.engine.Snapshot;
import io.cotidal.model.Spec;
import java.util.concurrent.CompletableFuture;

/** What a loop can find in its mailbox. */
sealed interface Message<S extends Spec, F> {

  /**
   * Something for the engine.
   *
   * @param owed what is no longer owed now that it is here
   */
  record Take<S extends Spec, F>(Input<S, F> input, Owed owed) implements Message<S, F> {}

  /** What others owe to a loop. */
  enum Owed {
    /** Nothing: it is news. */
    NOTHING,
    /** The end of a call on a real member. */
    CALL,
    /** The fate of a batch. */
    BATCH
  }

  /** This daemon may act: take up what the store holds. */
  record Won<S extends Spec, F>() implements Message<S, F> {}

  /** It may not. */
  record Lost<S extends Spec, F>(String reason) implements Message<S, F> {}

  /** The engine doubts that it may: take up what the store holds if it does. */
  record Doubt<S extends Spec, F>(String reason) implements Message<S, F> {}

  /**
   * What the store holds.
   *
   * @param term in which it was asked for
   */
  record Loaded<S extends Spec, F>(long term, Snapshot snapshot) implements Message<S, F> {}

  /** Time to show what has changed. */
  record Show<S extends Spec, F>() implements Message<S, F> {}

  /**
   * Begin nothing more on real members.
   *
   * @param done completed when nothing is under way any more
   */
  record Drain<S extends Spec, F>(CompletableFuture<Void> done) implements Message<S, F> {}

  /** Begin again what a drain kept from beginning. */
  record GoOn<S extends Spec, F>() implements Message<S, F> {}

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
