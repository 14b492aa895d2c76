package io.cotidal.engine;

import io.cotidal.engine.Flights.Place;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations: asks their types what remains, commits intents, and carries each on as far as it
 * goes when something came of them.
 */
final class Operations<S extends Spec, F> {
  /** An operation that asked so often does not converge. */
  private static final int MOST_ROWS = 400;

  private static final String OBSERVES =
      "mode observe never changes anything: set mode: manage, then resume it";

  private static final long FIRST_PAUSE = 100 * Moment.MILLI;
  private static final long LONGEST_PAUSE = 5_000 * Moment.MILLI;

  private final Kind<S, F> kind;
  private final Flights flights = new Flights();
  private final Endings endings = new Endings(flights);
  private final Results results = new Results(flights, endings);

  Operations(Kind<S, F> kind) {
    this.kind = kind;
  }

  /** Forgets what is under way: another owner acts now, or this one begins anew. */
  void forget() {
    flights.forget();
  }

  /** How operations end. */
  Endings endings() {
    return endings;
  }

  /** When something here is due without any input; {@link Long#MAX_VALUE} if nothing is. */
  long nextDue() {
    return flights.nextDue();
  }

  /** Begins, or takes over, an operation that holds its locks. */
  void ask(Turn<F> turn, S spec, long number, Run.Occasion occasion) {
    Operation operation = turn.operation(number);
    if (spec.mode() == Mode.OBSERVE) {
      endings.stop(turn, operation, OBSERVES);
      return;
    }
    OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
    if (type == null || type.version() != operation.version()) {
      String known = type == null ? "none" : Integer.toString(type.version());
      endings.stop(
          turn,
          operation,
          "written by version " + operation.version() + "; this Cotidal knows " + known);
      return;
    }
    List<StepRecord> rows =
        operation.steps().stream().filter(row -> row.state() != StepState.PLANNED).toList();
    if (rows.size() > MOST_ROWS) {
      endings.stop(turn, operation, "tried " + rows.size() + " steps without coming to an end");
      return;
    }
    Continuation rest =
        type.steps(operation.input(), new Run(number, rows, occasion), spec, turn.state());
    switch (rest) {
      case Continuation.Rest r -> {
        boolean takesOver = occasion == Run.Occasion.TAKE_OVER;
        Endings.abandon(turn, operation, takesOver ? "owner changed" : "replanned");
        swapIn(turn, spec, number, r.steps());
      }
      case Continuation.Wait wait -> {
        // Nobody carries an older owner's intents on; left as they are, no cancel could end.
        Endings.abandon(turn, operation, wait.reason());
        pause(turn, turn.operation(number), wait);
      }
      case Continuation.Moot moot ->
          endings.end(turn, operation, OperationState.SUPERSEDED, moot.reason());
      case Continuation.GiveUp gaveUp ->
          endings.end(turn, operation, OperationState.FAILED, gaveUp.reason());
      case Continuation.Stuck stuck -> {
        Endings.abandon(turn, operation, stuck.reason());
        Operation damaged = turn.operation(number).holding(stuck.damaged());
        turn.move(damaged, OperationState.ATTENTION, stuck.reason(), null);
        flights.forget(number);
      }
    }
  }

  private static <F> void pause(Turn<F> turn, Operation operation, Continuation.Wait wait) {
    if (operation.state() != OperationState.WAITING || !operation.note().equals(wait.reason())) {
      turn.move(operation, OperationState.WAITING, wait.reason(), null);
      // Once for each reason: who does not answer is not asked again and again.
      wait.looks().forEach(turn::look);
    }
  }

  private void swapIn(Turn<F> turn, S spec, long number, List<Step> steps) {
    Operation now = turn.operation(number);
    int sequence = now.steps().isEmpty() ? 1 : now.steps().getLast().sequence() + 1;
    flights.replan(number, sequence);
    for (Step step : steps) {
      int tried = 0;
      int failed = 0;
      for (StepRecord row : now.steps()) {
        if (row.key().equals(step.key()) && row.state() != StepState.DONE) {
          tried++;
          failed += row.state() == StepState.FAILED ? 1 : 0;
        }
      }
      turn.put(now, StepRecord.planned(sequence, step, tried + 1));
      if (failed > 0) {
        long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failed - 1, 10));
        flights.postpone(new Place(number, sequence), turn.state().now().nanos() + pause);
      }
      sequence++;
    }
    if (turn.operation(number).state() == OperationState.WAITING) {
      turn.move(turn.operation(number), OperationState.RUNNING, "", null);
    }
    settle(turn, spec, number);
  }

  /** Carries the operation on as far as it goes without another answer from outside. */
  void settle(Turn<F> turn, S spec, long number) {
    while (true) {
      Operation operation = turn.operation(number);
      if (!operation.state().underWay() || operation.state() == OperationState.WAITING) {
        return;
      }
      Shape shape = Shape.of(operation, flights.planStart(number));
      boolean observes = spec.mode() == Mode.OBSERVE;
      boolean halted = shape.failed() || operation.cancelRequested() || observes;
      if (!halted && dispatch(turn, operation)) {
        continue;
      }
      if (shape.intended() || flights.underWay(number)) {
        return;
      }
      if (observes && shape.planned()) {
        endings.stop(turn, operation, OBSERVES);
        return;
      }
      if (operation.cancelRequested() && operation.state() != OperationState.CANCELLING) {
        turn.move(operation, OperationState.CANCELLING, operation.note(), null);
        ask(turn, spec, number, Run.Occasion.CANCEL);
        return;
      }
      if (operation.state() == OperationState.CANCELLING) {
        finishCancelling(turn, operation, shape);
        return;
      }
      if (shape.failed()) {
        ask(turn, spec, number, Run.Occasion.FAILURE);
        return;
      }
      if (shape.decided()) {
        ask(turn, spec, number, Run.Occasion.DECISION);
        return;
      }
      if (shape.planned()) {
        if (!flights.postponed(number)) {
          endings.stop(turn, operation, "the steps that remain need something that no step does");
        }
        return;
      }
      endings.close(turn, number, OperationState.DONE, "");
      return;
    }
  }

  private void finishCancelling(Turn<F> turn, Operation operation, Shape shape) {
    long number = operation.number();
    if (shape.planned() && !shape.failed()) {
      boolean decided = true;
      while (decided) {
        decided = dispatch(turn, turn.operation(number));
      }
      if (flights.underWay(number) || flights.postponed(number)) {
        return;
      }
    }
    Endings.abandon(turn, turn.operation(number), "cancelled");
    endings.close(
        turn,
        number,
        shape.failed() ? OperationState.FAILED : OperationState.CANCELLED,
        shape.failed() ? "could not put back what it had begun" : operation.note());
  }

  /**
   * Commits the intents of all steps that are ready; true if a decision was recorded, which may
   * make others ready.
   */
  private boolean dispatch(Turn<F> turn, Operation operation) {
    Set<String> done = new HashSet<>();
    for (StepRecord row : operation.steps()) {
      if (row.state() == StepState.DONE) {
        done.add(row.key());
      }
    }
    Moment now = turn.state().now();
    boolean decided = false;
    for (StepRecord row : operation.steps()) {
      boolean ready =
          row.state() == StepState.PLANNED
              && done.containsAll(row.step().needs())
              && flights.ready(Place.of(operation, row), now.nanos());
      if (!ready) {
        continue;
      }
      StepRecord intended = row.intended(turn.state().epoch(), now);
      if (row.step().isDecision()) {
        Endings.done(turn, operation, intended, row.step().arguments());
        decided = true;
      } else {
        turn.put(operation, intended);
        flights.begin(turn, operation, intended);
      }
    }
    return decided;
  }

  /**
   * Takes in what an act came to.
   *
   * @return the newer stamp if the gate refused ours, else null
   */
  @Nullable Stamp on(Turn<F> turn, S spec, Input.StepResult<S, F> result) {
    Place place = new Place(result.operation(), result.sequence());
    return switch (results.on(turn, place, result.outcome())) {
      case Results.Next.Nothing nothing -> null;
      case Results.Next.GoOn on -> {
        settle(turn, spec, result.operation());
        yield null;
      }
      case Results.Next.Overtaken overtaken -> overtaken.newer();
    };
  }

  /** Takes in what an inspection told. */
  void on(Turn<F> turn, S spec, Input.Inspected<S, F> seen) {
    Place place = new Place(seen.operation(), seen.sequence());
    if (results.on(turn, place, seen.inspection())) {
      settle(turn, spec, seen.operation());
    }
  }

  /** Inspections and postponed steps whose time has come. */
  void due(Turn<F> turn, S spec) {
    if (flights.nextDue() > turn.state().now().nanos()) {
      return;
    }
    results.due(turn);
    flights.duePostponed(turn.state().now().nanos()).forEach(number -> settle(turn, spec, number));
  }
}
