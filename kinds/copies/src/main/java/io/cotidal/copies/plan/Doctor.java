package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Item;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From what is known to the verdict. */
final class Doctor {
  private final CopiesSpec spec;
  private final State<CopiesFacts> state;
  private final Shelf shelf;

  Doctor(CopiesSpec spec, State<CopiesFacts> state) {
    this.spec = spec;
    this.state = state;
    this.shelf = new Shelf(state);
  }

  /** What the latest look told; null if there was none, or it did not tell. */
  @Nullable CopiesFacts facts() {
    MemberState<CopiesFacts> host = state.member(CopiesSpec.HOST);
    return host == null ? null : host.facts();
  }

  CopiesDiagnosis diagnose() {
    CopiesFacts facts = facts();
    if (facts == null) {
      MemberState<CopiesFacts> host = state.member(CopiesSpec.HOST);
      Observation<CopiesFacts> latest = host == null ? null : host.latest();
      return new CopiesDiagnosis.Unclear(latest == null ? "not looked yet" : latest.sentence());
    }
    if (!facts.writable()) {
      return new CopiesDiagnosis.ReadOnly();
    }
    if (full(facts)) {
      return new CopiesDiagnosis.Full(facts.freeBytes(), spec.storage().reserveBytes());
    }
    Optional<Item> current = shelf.current();
    String failure = importFailure();
    if (current.isEmpty()) {
      return new CopiesDiagnosis.NoGeneration(
          importing(), failure, spec.template().archive().isEmpty() ? "a dump" : "of the archive");
    }
    List<String> down = down(facts).stream().map(Item::name).toList();
    if (!down.isEmpty()) {
      return new CopiesDiagnosis.Down(down);
    }
    return failure.isEmpty()
        ? new CopiesDiagnosis.Healthy(
            current.get().name(), shelf.copies().size(), shelf.spares().size())
        : new CopiesDiagnosis.Stale(current.get().name(), failure);
  }

  boolean full(CopiesFacts facts) {
    return facts.freeBytes() < spec.storage().reserveBytes();
  }

  boolean importing() {
    return state.holding().anyMatch(open -> open.type().equals(Import.NAME));
  }

  /**
   * Why the last import failed that came to an end; empty if it did not. The ledger remembers it
   * longer than the operation is; but only once what the import had begun is removed.
   */
  private String importFailure() {
    return state
        .recent()
        .filter(past -> past.type().equals(Import.NAME))
        .findFirst()
        .filter(past -> past.state() == OperationState.FAILED)
        .map(Operation::note)
        .orElseGet(() -> state.ledger().get(Shelf.FAILURE, "").strip());
  }

  /** Copies that should run and do not, and on which nobody works. */
  List<Item> down(CopiesFacts facts) {
    return shelf.copies().stream()
        .filter(copy -> copy.is(Shelf.READY) && shelf.worker(copy).isEmpty())
        .filter(copy -> gone(facts, copy))
        .toList();
  }

  /**
   * Whether the server of the item does not run. A look that began before the last operation on it
   * ended does not tell, nor one that knows nothing of it: the server may be younger.
   */
  boolean gone(CopiesFacts facts, Item item) {
    CopiesFacts.Server server = facts.servers().get(Shelf.id(item));
    return server != null && server.standing() == Standing.GONE && lookedSince(item);
  }

  private boolean lookedSince(Item item) {
    MemberState<CopiesFacts> host = state.member(CopiesSpec.HOST);
    if (host == null) {
      return false;
    }
    long looked = state.now().micros() - state.now().nanosSince(host.observedAt()) / 1_000;
    return state
        .recent()
        .noneMatch(past -> past.endedMicros() >= looked && Shelf.speaksOf(past, Shelf.id(item)));
  }
}
