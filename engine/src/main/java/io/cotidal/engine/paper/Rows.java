package io.cotidal.engine.paper;

import io.cotidal.engine.Row;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.Pause;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One resource's rows in memory, that knows nothing of the engine's: it keeps them as they come.
 * What the engine remembers can be held against it. Not thread-safe.
 */
public final class Rows {
  private long epoch;
  private Details ledger = Details.NONE;
  private Optional<Pause> pause = Optional.empty();
  private final List<Event> events = new ArrayList<>();
  private final SortedMap<String, Item> items = new TreeMap<>();
  private final SortedMap<Long, Operation> headers = new TreeMap<>();
  private final SortedMap<Long, SortedMap<Integer, StepRecord>> steps = new TreeMap<>();

  /** No rows yet. */
  public Rows() {}

  /** Takes a batch, whatever epoch it names. */
  public void write(Store.Batch batch) {
    batch.rows().forEach(this::write);
  }

  /** Takes one row. */
  public void write(Row row) {
    switch (row) {
      case Row.RaiseEpoch raise -> epoch = raise.to();
      case Row.PutOperation put -> headers.put(put.operation().number(), put.operation());
      case Row.PutStep put -> steps(put.operation()).put(put.step().sequence(), put.step());
      case Row.DropStep drop -> steps(drop.operation()).remove(drop.sequence());
      case Row.PutLedger put -> ledger = put.ledger();
      case Row.PutPause put -> pause = put.pause();
      case Row.PutItem put -> items.put(put.item().key(), put.item());
      case Row.DropItem drop -> items.remove(Item.key(drop.sort(), drop.name()));
      case Row.Append append -> events.add(append.event());
    }
  }

  private SortedMap<Integer, StepRecord> steps(long operation) {
    return steps.computeIfAbsent(operation, number -> new TreeMap<>());
  }

  /** The epoch that was raised last; 0 if none was. */
  public long epoch() {
    return epoch;
  }

  /** The ledger as it is now. */
  public Details ledger() {
    return ledger;
  }

  /** A view of the items by their keys. */
  public SortedMap<String, Item> items() {
    return Collections.unmodifiableSortedMap(items);
  }

  /** A view of the events, oldest first. */
  public List<Event> events() {
    return Collections.unmodifiableList(events);
  }

  /** All operations with their steps, by number. */
  public List<Operation> operations() {
    return headers.values().stream()
        .map(header -> header.withSteps(List.copyOf(steps(header.number()).values())))
        .toList();
  }

  /** What an owner reads who begins now. */
  public Snapshot snapshot() {
    return new Snapshot(
        epoch,
        ledger,
        operations(),
        List.copyOf(items.values()),
        pause,
        headers.isEmpty() ? 0 : headers.lastKey());
  }
}
