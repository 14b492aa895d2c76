package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.util.List;
import java.util.Optional;

/** Who is in whose way, and who may push aside whom. Pure. */
final class Locks {
  private Locks() {}

  /** Operations other than number {@code except} that hold what conflicts with {@code locks}. */
  static List<Operation> conflicting(State<?> state, List<Lock> locks, long except) {
    return state
        .holding()
        .filter(holder ->
            holder.number() != except
                && holder.locks().stream()
                    .anyMatch(held -> locks.stream().anyMatch(held::conflicts)))
        .toList();
  }

  /** The operation that keeps number {@code except}, of that type, from beginning now. */
  static Optional<Operation> blocker(
      State<?> state, OperationType<?, ?> type, Details input, long except) {
    return conflicting(state, type.locks(input), except).stream()
        .filter(holder -> !type.preempts() || !yields(holder))
        .findFirst();
  }

  /** Whether {@code holder} can be ended so that another goes ahead. */
  static boolean preemptable(Operation holder) {
    return holder.state() != OperationState.ATTENTION && !holder.pastNoReturn();
  }

  /** Whether a preempting operation may go ahead in spite of {@code holder}. */
  private static boolean yields(Operation holder) {
    if (holder.state() == OperationState.ATTENTION) {
      return holder.locks().stream().noneMatch(lock -> lock.scope().equals(Lock.RESOURCE));
    }
    return preemptable(holder);
  }
}
