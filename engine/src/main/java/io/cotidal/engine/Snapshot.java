package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.Pause;
import java.util.List;
import java.util.Optional;

/**
 * What the store holds of a resource.
 *
 * @param epoch the last epoch under which anybody acted; 0 if nobody did
 * @param operations all open ones and the latest ended ones, with their steps
 * @param items all there are
 * @param pause if nothing is to be done by itself
 * @param lastNumber the highest operation number ever used; 0 if none
 */
public record Snapshot(
    long epoch,
    Details ledger,
    List<Operation> operations,
    List<Item> items,
    Optional<Pause> pause,
    long lastNumber) {
  /** Of a resource that the store has never heard of. */
  public static final Snapshot EMPTY = new Snapshot(0, Details.NONE, List.of(), List.of(), 0);

  /** Of a resource that is not paused. */
  public Snapshot(
      long epoch, Details ledger, List<Operation> operations, List<Item> items, long lastNumber) {
    this(epoch, ledger, operations, items, Optional.empty(), lastNumber);
  }

  /** Copies the lists. */
  public Snapshot {
    operations = List.copyOf(operations);
    items = List.copyOf(items);
  }
}
