package io.cotidal.engine;

import io.cotidal.model.Operation;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;

/**
 * What the rows of an operation's current plan amount to.
 *
 * @param planned whether any waits to be done
 * @param intended whether any has an intent and no end
 * @param failed whether any failed
 * @param decided whether there are decision points, and all of them are done
 */
record Shape(boolean planned, boolean intended, boolean failed, boolean decided) {
  /** The shape of the rows from sequence {@code start} on. */
  static Shape of(Operation operation, int start) {
    boolean planned = false;
    boolean intended = false;
    boolean failed = false;
    boolean decided = false;
    boolean undecided = false;
    for (StepRecord row : operation.steps()) {
      if (row.sequence() < start) {
        continue;
      }
      planned |= row.state() == StepState.PLANNED;
      intended |= row.state() == StepState.INTENDED;
      failed |= row.state() == StepState.FAILED;
      if (row.step().decisionPoint()) {
        decided |= row.state() == StepState.DONE;
        undecided |= row.state() != StepState.DONE;
      }
    }
    return new Shape(planned, intended, failed, decided && !undecided);
  }
}
