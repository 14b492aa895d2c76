package io.cotidal.copies.plan;

import io.cotidal.engine.Row;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A store in memory that knows nothing of the engine's: it keeps rows as they come. */
final class Rows {
  long epoch;
  Details ledger = Details.NONE;
  final List<Event> events = new ArrayList<>();
  final SortedMap<String, Item> items = new TreeMap<>();
  private final SortedMap<Long, Operation> headers = new TreeMap<>();
  private final SortedMap<Long, SortedMap<Integer, StepRecord>> steps = new TreeMap<>();

  void write(Store.Batch batch) {
    batch.rows().forEach(this::write);
  }

  private void write(Row row) {
    switch (row) {
      case Row.RaiseEpoch raise -> epoch = raise.to();
      case Row.PutOperation put -> headers.put(put.operation().number(), put.operation());
      case Row.PutStep put -> steps(put.operation()).put(put.step().sequence(), put.step());
      case Row.DropStep drop -> steps(drop.operation()).remove(drop.sequence());
      case Row.PutLedger put -> ledger = put.ledger();
      case Row.PutItem put -> items.put(put.item().key(), put.item());
      case Row.DropItem drop -> items.remove(Item.key(drop.sort(), drop.name()));
      case Row.Append append -> events.add(append.event());
    }
  }

  private SortedMap<Integer, StepRecord> steps(long operation) {
    return steps.computeIfAbsent(operation, number -> new TreeMap<>());
  }

  List<Operation> operations() {
    return headers.values().stream()
        .map(header -> header.withSteps(List.copyOf(steps(header.number()).values())))
        .toList();
  }

  Snapshot snapshot() {
    return new Snapshot(
        epoch,
        ledger,
        operations(),
        List.copyOf(items.values()),
        headers.isEmpty() ? 0 : headers.lastKey());
  }
}
