package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;

/** How rows and operations end. */
final class Endings {
  private final Flights flights;

  Endings(Flights flights) {
    this.flights = flights;
  }

  /** Ends the operation; what nobody will carry on is abandoned. */
  <F> void end(Turn<F> turn, Operation operation, OperationState state, String why) {
    abandon(turn, operation, why);
    close(turn, operation.number(), state, why);
  }

  /** Leaves the operation to a person. */
  <F> void stop(Turn<F> turn, Operation operation, String why) {
    end(turn, operation, OperationState.ATTENTION, why);
  }

  /** Ends the operation, whose rows are all ended; late answers find nobody. */
  <F> void close(Turn<F> turn, long number, OperationState state, String note) {
    turn.move(turn.operation(number), state, note, null);
    flights.forget(number);
  }

  /** Rows that nobody will carry on: planned ones go, intended ones stay as abandoned. */
  static <F> void abandon(Turn<F> turn, Operation operation, String why) {
    for (StepRecord row : operation.steps()) {
      if (row.state() == StepState.PLANNED) {
        turn.row(new Row.DropStep(operation.number(), row.sequence()));
      } else if (row.state() == StepState.INTENDED) {
        turn.put(
            operation, row.ended(StepState.ABANDONED, row.evidence(), why, turn.state().now()));
      }
    }
  }

  /** The step took effect; what it says to the ledger is written with it. */
  static <F> void done(Turn<F> turn, Operation operation, StepRecord row, Details evidence) {
    turn.put(operation, row.ended(StepState.DONE, evidence, "", turn.state().now()));
    Details entries = row.step().ledger();
    if (!entries.isEmpty()) {
      turn.row(new Row.PutLedger(turn.state().ledger().changed(entries, evidence)));
    }
  }

  /** The step failed. */
  static <F> void failed(Turn<F> turn, Operation operation, StepRecord row, String why) {
    turn.put(operation, row.ended(StepState.FAILED, row.evidence(), why, turn.state().now()));
  }
}
