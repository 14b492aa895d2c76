package io.cotidal.engine;

import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ends what runs longer than its type allows. Measured on the monotonic clock of this process: a
 * wall clock that jumps ends nothing.
 */
final class Deadlines<S extends Spec, F> {
  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Map<Long, Long> knownSince = new HashMap<>();

  Deadlines(Kind<S, F> kind, Operations<S, F> operations) {
    this.kind = kind;
    this.operations = operations;
  }

  /** Ends what has run past its type's deadline. */
  void check(Turn<F> turn, S spec) {
    long now = turn.state().now().nanos();
    List<Operation> running = new ArrayList<>();
    Set<Long> numbers = new HashSet<>();
    for (Operation operation : turn.state().operations().values()) {
      if (operation.state().underWay()) {
        running.add(operation);
        numbers.add(operation.number());
      }
    }
    knownSince.keySet().retainAll(numbers);
    for (Operation operation : running) {
      OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
      long since = knownSince.computeIfAbsent(operation.number(), n -> now);
      if (type == null || operation.cancelRequested() || now - since < type.deadline().toNanos()) {
        continue;
      }
      if (operation.pastNoReturn()) {
        operations.endings().stop(turn, operation, "past its deadline");
      } else {
        Endings.abort(turn, operation);
        turn.put(
            operation
                .cancelling()
                .in(OperationState.RUNNING, "past its deadline", turn.state().now()));
        operations.settle(turn, spec, operation.number());
      }
    }
  }
}
