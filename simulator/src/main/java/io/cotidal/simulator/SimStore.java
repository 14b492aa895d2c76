package io.cotidal.simulator;

import io.cotidal.engine.Row;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.engine.paper.Rows;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One store for all managers: applies a batch whole, and only in the epoch that it names. */
final class SimStore {
  /** Ended operations that a new owner still hears of. */
  private static final int RECENT = 50;

  private final Rows rows = new Rows();
  private final Set<String> batches = new HashSet<>();

  SimStore(Details ledger) {
    rows.write(new Row.PutLedger(ledger));
  }

  long epoch() {
    return rows.epoch();
  }

  Details ledger() {
    return rows.ledger();
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
    if (rows.epoch() != (raise == null ? batch.epoch() : raise.from())) {
      return Store.Result.REFUSED;
    }
    rows.write(batch);
    batches.add(batch.id());
    return Store.Result.COMMITTED;
  }

  boolean committed(String batch) {
    return batches.contains(batch);
  }

  Snapshot load() {
    Snapshot all = rows.snapshot();
    List<Operation> heard =
        all.operations().stream()
            .filter(each -> !each.state().ended() || each.number() > all.lastNumber() - RECENT)
            .toList();
    return new Snapshot(
        all.epoch(), all.ledger(), heard, all.items(), all.pause(), all.lastNumber());
  }
}
