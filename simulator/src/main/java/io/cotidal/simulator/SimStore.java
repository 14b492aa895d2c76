package io.cotidal.simulator;

import io.cotidal.engine.Row;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** One store for all managers: applies a batch whole, and only in the epoch that it names. */
final class SimStore {
  private final TreeMap<Long, Operation> operations = new TreeMap<>();
  private final Set<String> batches = new HashSet<>();
  private long epoch;
  private Details ledger;

  SimStore(Details ledger) {
    this.ledger = ledger;
  }

  long epoch() {
    return epoch;
  }

  Details ledger() {
    return ledger;
  }

  Store.Result commit(Store.Batch batch) {
    if (batches.contains(batch.id())) {
      return Store.Result.COMMITTED;
    }
    Row.RaiseEpoch raise = null;
    for (Row row : batch.rows()) {
      if (row instanceof Row.RaiseEpoch found) {
        raise = found;
      }
    }
    if (epoch != (raise == null ? batch.epoch() : raise.from())) {
      return Store.Result.REFUSED;
    }
    batch.rows().forEach(this::apply);
    batches.add(batch.id());
    return Store.Result.COMMITTED;
  }

  boolean committed(String batch) {
    return batches.contains(batch);
  }

  Snapshot load() {
    long last = operations.isEmpty() ? 0 : operations.lastKey();
    List<Operation> loaded = new ArrayList<>();
    for (Operation operation : operations.values()) {
      if (!operation.state().ended() || operation.number() > last - 50) {
        loaded.add(operation);
      }
    }
    return new Snapshot(epoch, ledger, loaded, List.of(), last);
  }

  private void apply(Row row) {
    switch (row) {
      case Row.RaiseEpoch raise -> epoch = raise.to();
      case Row.PutLedger put -> ledger = put.ledger();
      case Row.PutOperation put -> {
        Operation before = operations.get(put.operation().number());
        List<StepRecord> steps = before == null ? List.of() : before.steps();
        operations.put(put.operation().number(), put.operation().withSteps(steps));
      }
      case Row.PutStep put ->
          operations.computeIfPresent(put.operation(), (id, before) -> before.with(put.step()));
      case Row.DropStep drop ->
          operations.computeIfPresent(
              drop.operation(),
              (id, before) ->
                  before.withSteps(
                      before.steps().stream()
                          .filter(step -> step.sequence() != drop.sequence())
                          .toList()));
      case Row.PutItem put -> {}
      case Row.DropItem drop -> {}
      case Row.Append append -> {}
    }
  }
}
