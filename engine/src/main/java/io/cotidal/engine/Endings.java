package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
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
        turn.then(new Effect.Abort(operation.number(), row.sequence()));
        turn.put(
            operation, row.ended(StepState.ABANDONED, row.evidence(), why, turn.state().now()));
      }
    }
  }

  /** Whoever waits for these rows would rather not. */
  static <F> void abort(Turn<F> turn, Operation operation) {
    for (StepRecord row : operation.steps()) {
      if (row.state() == StepState.INTENDED) {
        turn.then(new Effect.Abort(operation.number(), row.sequence()));
      }
    }
  }

  /** The step took effect; what it says to the ledger and of items is written with it. */
  static <F> void done(Turn<F> turn, Operation operation, StepRecord row, Details evidence) {
    turn.put(operation, row.ended(StepState.DONE, evidence, "", turn.state().now()));
    Details entries = row.step().ledger();
    if (!entries.isEmpty()) {
      turn.row(new Row.PutLedger(turn.state().ledger().changed(entries, evidence)));
    }
    row.step().items().forEach(change -> change(turn, change, evidence));
  }

  private static <F> void change(Turn<F> turn, ItemChange change, Details evidence) {
    Item before = turn.state().item(change.sort(), change.name());
    switch (change) {
      case ItemChange.Drop drop -> {
        if (before != null) {
          turn.row(new Row.DropItem(drop.sort(), drop.name()));
        }
      }
      case ItemChange.Put put -> {
        Details facts = before == null ? Details.NONE : before.facts();
        boolean same = put.expiresMicros() == ItemChange.Put.SAME_EXPIRY;
        turn.row(
            new Row.PutItem(
                new Item(
                    put.sort(),
                    put.name(),
                    put.owner(),
                    put.state(),
                    facts.changed(put.changes(), evidence),
                    before == null ? turn.state().now().micros() : before.createdMicros(),
                    !same ? put.expiresMicros() : before == null ? 0 : before.expiresMicros())));
      }
    }
  }

  /** The step failed. */
  static <F> void failed(Turn<F> turn, Operation operation, StepRecord row, String why) {
    turn.put(operation, row.ended(StepState.FAILED, row.evidence(), why, turn.state().now()));
  }
}
