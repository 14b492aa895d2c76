package io.cotidal.engine;

import io.cotidal.model.Operation;
import io.cotidal.model.Step;
import java.util.List;

/** The answer to a {@link Command}. */
public sealed interface Reply {
  /** Taken; this is the operation as committed. */
  record Accepted(Operation operation) implements Reply {}

  /**
   * What would be done; nothing was.
   *
   * @param steps in order; those behind a decision point are not in it
   * @param predicted the steps that a decision point will probably lead to
   */
  record Preview(List<Step> steps, List<Step> predicted) implements Reply {
    /** Copies the lists. */
    public Preview {
      steps = List.copyOf(steps);
      predicted = List.copyOf(predicted);
    }
  }

  /** The event is in the log. */
  record Noted() implements Reply {}

  /** Another operation is in the way. */
  record Conflict(Operation holder, String reason) implements Reply {}

  /** There is no such operation, or no such type. */
  record NotFound(String what) implements Reply {}

  /** Not possible as things stand; changes nothing. */
  record Invalid(String reason) implements Reply {}

  /** Declined although it is written well; changes nothing. */
  record Declined(io.cotidal.engine.Declined.Why why, String reason) implements Reply {}

  /** This control plane does not lead the resource now. */
  record NotLeading(String reason) implements Reply {}

  /** The store did not take it; changes nothing. */
  record StoreFailed(String reason) implements Reply {}
}
