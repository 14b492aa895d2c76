package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Spec;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;

/**
 * How one kind of operation is done. Pure: the engine calls {@link #steps} at the beginning, after
 * a decision point, on failure, on take-over, on cancel, and again while it waits.
 *
 * @param <S> the kind's spec
 * @param <F> the kind's facts
 */
public interface OperationType<S extends Spec, F> {
  /** The type's name, for example {@code failover}. */
  String name();

  /**
   * Raised when the meaning of a journalled row changes; an owner resumes only the version that it
   * knows.
   */
  default int version() {
    return 1;
  }

  /** The worst that it does when it goes well. */
  Risk risk();

  /** What it must hold while it is open. */
  List<Lock> locks(Details input);

  /** Whether it may end holders of conflicting locks that are before their point of no return. */
  default boolean preempts() {
    return false;
  }

  /**
   * What remains to be done.
   *
   * @param input the operation's input
   * @param run the rows so far, and why this is asked
   * @param spec what is wanted
   * @param state what is known
   */
  Continuation steps(Details input, Run run, S spec, State<F> state);

  /**
   * What the decision points of a run that began now would probably lead to; for a dry run only.
   * Empty if there are none, or if nobody can say.
   */
  default List<Step> predicted(Details input, S spec, State<F> state) {
    return List.of();
  }

  /**
   * The longest pause before a failed run of the planner's is tried again; pauses begin at a second
   * and double.
   */
  default Duration longestPause() {
    return Duration.ofSeconds(30);
  }

  /** How long a run may take; after that it is cancelled, or needs attention if it cannot be. */
  default Duration deadline() {
    return Duration.ofHours(1);
  }
}
