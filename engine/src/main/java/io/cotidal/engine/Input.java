package io.cotidal.engine;

import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Spec;

/**
 * What the engine can be told.
 *
 * @param <S> the kind's spec
 * @param <F> the kind's facts
 */
public sealed interface Input<S extends Spec, F> {
  /**
   * One look at a member ended.
   *
   * @param begun monotonic time at which the look began: what it saw may be as old as that
   */
  record Observed<S extends Spec, F>(MemberId member, Observation<F> observation, long begun)
      implements Input<S, F> {}

  /** A batch is durable. */
  record Committed<S extends Spec, F>(String batch) implements Input<S, F> {}

  /** A batch was refused: the store knows a newer epoch. */
  record CommitRefused<S extends Spec, F>(String batch) implements Input<S, F> {}

  /** A batch was not written. */
  record CommitFailed<S extends Spec, F>(String batch) implements Input<S, F> {}

  /** A batch may have been written or not. */
  record CommitUnknown<S extends Spec, F>(String batch) implements Input<S, F> {}

  /** An act ended. */
  record StepResult<S extends Spec, F>(long operation, int sequence, Outcome outcome)
      implements Input<S, F> {}

  /** An inspection ended. */
  record Inspected<S extends Spec, F>(long operation, int sequence, Inspection inspection)
      implements Input<S, F> {}

  /** An act reports how far it is. */
  record Progressed<S extends Spec, F>(long operation, int sequence, Progress progress)
      implements Input<S, F> {}

  /** A member's gate answered to a stamp. */
  record Stamped<S extends Spec, F>(MemberId member, long epoch, Outcome outcome)
      implements Input<S, F> {}

  /** A person asks for something; {@code id} finds the one who waits for the reply. */
  record Commanded<S extends Spec, F>(String id, Command command) implements Input<S, F> {}

  /** The configuration has changed. */
  record SpecChanged<S extends Spec, F>(S spec) implements Input<S, F> {}

  /** The source of members answered. */
  record SourceAnswered<S extends Spec, F>(SourceAnswer answer) implements Input<S, F> {}

  /**
   * So many members of so many resources have gone at once that the fault is likely ours.
   *
   * @param why one sentence; empty if that is so no more
   */
  record Suspected<S extends Spec, F>(String why) implements Input<S, F> {}

  /** The election says that this control plane may act; {@code snapshot} was loaded afterwards. */
  record LeaseWon<S extends Spec, F>(Snapshot snapshot) implements Input<S, F> {}

  /** It may no longer act. */
  record LeaseLost<S extends Spec, F>(String reason) implements Input<S, F> {}

  /** What the store holds, for one who does not lead: others write there, and this one shows it. */
  record Followed<S extends Spec, F>(Snapshot snapshot) implements Input<S, F> {}

  /** Time has passed. */
  record Tick<S extends Spec, F>() implements Input<S, F> {}
}
