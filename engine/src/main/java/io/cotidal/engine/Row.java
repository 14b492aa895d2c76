package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.Pause;
import io.cotidal.model.StepRecord;
import java.util.Optional;

/** One change to the store. What the engine remembers is what these rows add up to. */
public sealed interface Row {
  /**
   * The resource's epoch rises; compare-and-set.
   *
   * @param from the epoch that the store must have
   * @param to the new one
   */
  record RaiseEpoch(long from, long to) implements Row {}

  /** The operation without its steps, written over what was there. */
  record PutOperation(Operation operation) implements Row {}

  /** A step's row, written over the row of the same sequence. */
  record PutStep(long operation, StepRecord step) implements Row {}

  /** A planned step that is no longer foreseen. */
  record DropStep(long operation, int sequence) implements Row {}

  /** The ledger, written over what was there. */
  record PutLedger(Details ledger) implements Row {}

  /** Whether nothing is done by itself, and who wants it so; empty if it is not so any more. */
  record PutPause(Optional<Pause> pause) implements Row {}

  /** An item, written over the one of the same sort and name. */
  record PutItem(Item item) implements Row {}

  /** An item that is no longer there. */
  record DropItem(String sort, String name) implements Row {}

  /** An event, appended. */
  record Append(Event event) implements Row {}
}
