package io.cotidal.engine;

import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What rows mean: the one function by which memory follows the store. */
final class Memory {
  /** How many ended operations stay in memory; planners look back no further. */
  static final int RECENT = 50;

  private Memory() {}

  static <F> State<F> apply(State<F> state, Row row) {
    return switch (row) {
      case Row.RaiseEpoch raise -> state.withLeadership(raise.to(), state.leading());
      case Row.PutOperation put -> put(state, put.operation());
      case Row.PutStep put -> step(state, put.operation(), put.step());
      case Row.DropStep drop -> drop(state, drop);
      case Row.PutLedger put -> state.withLedger(put.ledger());
      case Row.PutPause put -> state.withPause(put.pause());
      case Row.PutItem put -> state.with(put.item());
      case Row.DropItem drop -> state.without(Item.key(drop.sort(), drop.name()));
      case Row.Append append -> state;
    };
  }

  private static <F> State<F> put(State<F> state, Operation header) {
    Operation before = state.operations().get(header.number());
    State<F> after = state.with(before == null ? header : header.withSteps(before.steps()));
    return header.state().ended() ? forgetOldest(after) : after;
  }

  private static <F> State<F> step(State<F> state, long number, StepRecord row) {
    Operation operation = state.operations().get(number);
    return operation == null ? state : state.with(operation.with(row));
  }

  private static <F> State<F> drop(State<F> state, Row.DropStep drop) {
    Operation operation = state.operations().get(drop.operation());
    if (operation == null) {
      return state;
    }
    List<StepRecord> kept = new ArrayList<>(operation.steps());
    kept.removeIf(row -> row.sequence() == drop.sequence());
    return state.with(operation.withSteps(kept));
  }

  private static <F> State<F> forgetOldest(State<F> state) {
    long ended = state.operations().values().stream().filter(o -> o.state().ended()).count();
    if (ended <= RECENT) {
      return state;
    }
    SortedMap<Long, Operation> kept = new TreeMap<>(state.operations());
    for (Operation operation : state.operations().values()) {
      if (ended > RECENT && operation.state().ended()) {
        kept.remove(operation.number());
        ended--;
      }
    }
    return state.withOperations(kept);
  }
}
