package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.WhenUnknown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations: asks their types what remains, commits intents, sends acts and inspections,
 * takes in what came of them. It holds only what a new owner finds out anew: which acts this
 * process has under way.
 */
final class Operations<S extends Spec, F> {
  /** An operation that asked so often does not converge. */
  private static final int MOST_ROWS = 400;

  private static final String OBSERVES =
      "mode observe never changes anything: set mode: manage, then resume it";

  private static final long INSPECT_AGAIN = 200 * Moment.MILLI;
  private static final long FIRST_PAUSE = 100 * Moment.MILLI;
  private static final long LONGEST_PAUSE = 5_000 * Moment.MILLI;

  /** What this process is doing for a row whose intent is durable. */
  private enum Doing {
    ACTING_FIRST(0),
    INSPECTING_FIRST(1),
    ACTING(2),
    INSPECTING_AFTER(3);

    /** Turns that one row can take. */
    private static final int TURNS = 4;

    private final int turn;

    Doing(int turn) {
      this.turn = turn;
    }

    boolean acting() {
      return this == ACTING_FIRST || this == ACTING;
    }
  }

  private record Place(long operation, int sequence) {}

  /** An act or inspection under way. */
  private record Flight(Doing doing, long since, long inspectAgainAt) {}

  private final Kind<S, F> kind;
  private final Map<Place, Flight> flights = new HashMap<>();
  private final Map<Place, Long> notBefore = new HashMap<>();

  /** For each open operation, the first sequence of the plan that is being done. */
  private final Map<Long, Integer> planStart = new HashMap<>();

  Operations(Kind<S, F> kind) {
    this.kind = kind;
  }

  /** Forgets every flight: another owner acts now, or this one begins anew. */
  void forget() {
    flights.clear();
    notBefore.clear();
    planStart.clear();
  }

  /** Forgets the flights of an operation that has ended; late answers find nobody. */
  void forget(long operation) {
    flights.keySet().removeIf(place -> place.operation() == operation);
    notBefore.keySet().removeIf(place -> place.operation() == operation);
    planStart.remove(operation);
  }

  boolean underWay(long operation) {
    return flights.keySet().stream().anyMatch(place -> place.operation() == operation);
  }

  private boolean postponed(long operation) {
    return notBefore.keySet().stream().anyMatch(place -> place.operation() == operation);
  }

  /** When something here is due without any input; {@link Long#MAX_VALUE} if nothing is. */
  long nextDue() {
    long due = Long.MAX_VALUE;
    for (Flight flight : flights.values()) {
      due = Math.min(due, flight.inspectAgainAt());
    }
    for (long at : notBefore.values()) {
      due = Math.min(due, at);
    }
    return due;
  }

  /** Begins, or takes over, an operation that holds its locks. */
  void ask(Turn<F> turn, S spec, long number, Run.Occasion occasion) {
    Operation operation = turn.operation(number);
    if (spec.mode() == Mode.OBSERVE) {
      stop(turn, operation, OBSERVES);
      return;
    }
    OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
    if (type == null || type.version() != operation.version()) {
      String known = type == null ? "none" : Integer.toString(type.version());
      stop(
          turn,
          operation,
          "written by version " + operation.version() + "; this Cotidal knows " + known);
      return;
    }
    List<StepRecord> rows =
        operation.steps().stream().filter(row -> row.state() != StepState.PLANNED).toList();
    if (rows.size() > MOST_ROWS) {
      stop(turn, operation, "tried " + rows.size() + " steps without coming to an end");
      return;
    }
    Continuation rest = type.steps(operation.input(), new Run(rows, occasion), spec, turn.state());
    switch (rest) {
      case Continuation.Rest r -> swapIn(turn, spec, operation, r.steps(), occasion);
      case Continuation.Wait wait -> {
        // Nobody carries an older owner's intents on; left as they are, no cancel could end.
        abandon(turn, operation, wait.reason());
        pause(turn, turn.operation(number), wait.reason());
      }
      case Continuation.Moot moot -> {
        abandon(turn, operation, moot.reason());
        turn.move(turn.operation(number), OperationState.SUPERSEDED, moot.reason(), null);
        forget(number);
      }
      case Continuation.GiveUp gaveUp -> {
        abandon(turn, operation, gaveUp.reason());
        turn.move(turn.operation(number), OperationState.FAILED, gaveUp.reason(), null);
        forget(number);
      }
      case Continuation.Stuck stuck -> {
        abandon(turn, operation, stuck.reason());
        turn.move(
            turn.operation(number).holding(stuck.damaged()),
            OperationState.ATTENTION,
            stuck.reason(),
            null);
        forget(number);
      }
    }
  }

  /** Leaves the operation to a person. */
  void stop(Turn<F> turn, Operation operation, String why) {
    abandon(turn, operation, why);
    turn.move(turn.operation(operation.number()), OperationState.ATTENTION, why, null);
    forget(operation.number());
  }

  private static <F> void pause(Turn<F> turn, Operation operation, String reason) {
    if (operation.state() != OperationState.WAITING || !operation.note().equals(reason)) {
      turn.move(operation, OperationState.WAITING, reason, null);
    }
  }

  /** Rows that nobody will carry on: planned ones go, intended ones stay as abandoned. */
  private static <F> void abandon(Turn<F> turn, Operation operation, String why) {
    for (StepRecord row : operation.steps()) {
      if (row.state() == StepState.PLANNED) {
        turn.row(new Row.DropStep(operation.number(), row.sequence()));
      } else if (row.state() == StepState.INTENDED) {
        turn.put(
            operation, row.ended(StepState.ABANDONED, row.evidence(), why, turn.state().now()));
      }
    }
  }

  private void swapIn(
      Turn<F> turn, S spec, Operation operation, List<Step> steps, Run.Occasion occasion) {
    long number = operation.number();
    abandon(turn, operation, occasion == Run.Occasion.TAKE_OVER ? "owner changed" : "replanned");
    flights.keySet().removeIf(place -> place.operation() == number);
    notBefore.keySet().removeIf(place -> place.operation() == number);
    Operation now = turn.operation(number);
    int sequence = now.steps().isEmpty() ? 1 : now.steps().getLast().sequence() + 1;
    planStart.put(number, sequence);
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
        notBefore.put(new Place(number, sequence), turn.state().now().nanos() + pause);
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
      int start = planStart.getOrDefault(number, 1);
      Shape shape = Shape.of(operation, start);
      boolean observes = spec.mode() == Mode.OBSERVE;
      boolean halted = shape.failed() || operation.cancelRequested() || observes;
      if (!halted && dispatch(turn, operation)) {
        continue;
      }
      if (shape.intended() || underWay(number)) {
        return;
      }
      if (observes && shape.planned()) {
        stop(turn, operation, OBSERVES);
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
        if (!postponed(number)) {
          stop(turn, operation, "the steps that remain need something that no step does");
        }
        return;
      }
      turn.move(operation, OperationState.DONE, "", null);
      forget(number);
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
      if (underWay(number) || postponed(number)) {
        return;
      }
    }
    abandon(turn, turn.operation(number), "cancelled");
    turn.move(
        turn.operation(number),
        shape.failed() ? OperationState.FAILED : OperationState.CANCELLED,
        shape.failed() ? "could not put back what it had begun" : operation.note(),
        null);
    forget(number);
  }

  /** What the rows of the current plan amount to. */
  private record Shape(boolean planned, boolean intended, boolean failed, boolean decided) {
    static Shape of(Operation operation, int start) {
      boolean planned = false;
      boolean intended = false;
      boolean failed = false;
      boolean decided = false;
      boolean undecided = false;
      for (StepRecord row : operation.steps()) {
        if (row.sequence() < start) {
          continue;
        }
        planned |= row.state() == StepState.PLANNED;
        intended |= row.state() == StepState.INTENDED;
        failed |= row.state() == StepState.FAILED;
        if (row.step().decisionPoint()) {
          decided |= row.state() == StepState.DONE;
          undecided |= row.state() != StepState.DONE;
        }
      }
      return new Shape(planned, intended, failed, decided && !undecided);
    }
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
      Place place = new Place(operation.number(), row.sequence());
      if (row.state() != StepState.PLANNED
          || !done.containsAll(row.step().needs())
          || notBefore.getOrDefault(place, Long.MIN_VALUE) > now.nanos()) {
        continue;
      }
      notBefore.remove(place);
      StepRecord intended = row.intended(turn.state().epoch(), now);
      if (row.step().isDecision()) {
        done(turn, operation, intended, row.step().arguments());
        decided = true;
        continue;
      }
      turn.put(operation, intended);
      boolean first = row.attempt() == 1;
      flights.put(
          place,
          new Flight(
              first ? Doing.ACTING_FIRST : Doing.INSPECTING_FIRST, now.nanos(), Long.MAX_VALUE));
      turn.then(
          first
              ? act(operation, intended, turn, Doing.ACTING_FIRST)
              : inspect(operation, intended, turn, Doing.INSPECTING_FIRST));
    }
    return decided;
  }

  private static <F> Effect act(Operation operation, StepRecord row, Turn<F> turn, Doing doing) {
    return new Effect.Act(
        operation.number(), row.sequence(), row.step(), stamp(operation, row, turn, doing));
  }

  private static <F> Effect inspect(
      Operation operation, StepRecord row, Turn<F> turn, Doing doing) {
    return new Effect.Inspect(
        operation.number(), row.sequence(), row.step(), stamp(operation, row, turn, doing));
  }

  /**
   * Every act and every inspection has its own turn, in the order in which one row goes through
   * them.
   */
  private static <F> Stamp stamp(Operation operation, StepRecord row, Turn<F> turn, Doing doing) {
    long turns = (long) row.sequence() * Doing.TURNS + doing.turn;
    return new Stamp(turn.state().epoch(), operation.number(), turns);
  }

  private static <F> void done(
      Turn<F> turn, Operation operation, StepRecord row, Details evidence) {
    turn.put(operation, row.ended(StepState.DONE, evidence, "", turn.state().now()));
    Details entries = row.step().ledger();
    if (!entries.isEmpty()) {
      turn.row(new Row.PutLedger(turn.state().ledger().changed(entries, evidence)));
    }
  }

  /**
   * Takes in what an act came to.
   *
   * @return the newer stamp if the gate refused ours, else null
   */
  @Nullable Stamp on(Turn<F> turn, S spec, long number, int sequence, Outcome outcome) {
    Place place = new Place(number, sequence);
    Flight flight = flights.get(place);
    StepRecord row = row(turn, place);
    if (flight == null || !flight.doing().acting() || row == null) {
      return null;
    }
    Operation operation = turn.operation(number);
    switch (outcome) {
      case Outcome.Done ended -> {
        flights.remove(place);
        done(turn, operation, row, ended.evidence());
      }
      case Outcome.Failed failed -> {
        flights.remove(place);
        fail(turn, operation, row, failed.reason());
      }
      case Outcome.Refused refused -> {
        flights.remove(place);
        fail(turn, operation, row, "refused: the member follows " + refused.newer());
        if (refused.newer().epoch() > turn.state().epoch()) {
          return refused.newer();
        }
      }
      case Outcome.Unknown unknown -> {
        flights.put(place, new Flight(Doing.INSPECTING_AFTER, flight.since(), Long.MAX_VALUE));
        turn.then(inspect(operation, row, turn, Doing.INSPECTING_AFTER));
        return null;
      }
    }
    settle(turn, spec, number);
    return null;
  }

  /** Takes in what an inspection told. */
  void on(Turn<F> turn, S spec, long number, int sequence, Inspection inspection) {
    Place place = new Place(number, sequence);
    Flight flight = flights.get(place);
    StepRecord row = row(turn, place);
    if (flight == null || flight.doing().acting() || row == null) {
      return;
    }
    Operation operation = turn.operation(number);
    switch (inspection) {
      case Inspection.Applied applied -> {
        flights.remove(place);
        done(turn, operation, row, applied.evidence());
      }
      case Inspection.NotApplied not -> {
        boolean goesOn =
            !operation.cancelRequested() || operation.state() == OperationState.CANCELLING;
        if (flight.doing() == Doing.INSPECTING_FIRST && goesOn) {
          flights.put(place, new Flight(Doing.ACTING, flight.since(), Long.MAX_VALUE));
          turn.then(act(operation, row, turn, Doing.ACTING));
          return;
        }
        flights.remove(place);
        fail(turn, operation, row, "not applied: " + not.reason());
      }
      case Inspection.Unknown unknown -> {
        if (!giveUpLooking(turn, operation, row, flight, unknown.reason())) {
          return;
        }
      }
    }
    settle(turn, spec, number);
  }

  /** Applies what the step declared for this case; false if it will be looked at again. */
  private boolean giveUpLooking(
      Turn<F> turn, Operation operation, StepRecord row, Flight flight, String reason) {
    Place place = new Place(operation.number(), row.sequence());
    long now = turn.state().now().nanos();
    switch (row.step().whenUnknown()) {
      case WhenUnknown.RetryFor retry -> {
        if (now - flight.since() < retry.limit().toNanos()) {
          flights.put(place, new Flight(flight.doing(), flight.since(), now + INSPECT_AGAIN));
          return false;
        }
        flights.remove(place);
        fail(turn, operation, row, "cannot tell: " + reason);
      }
      case WhenUnknown.Fail fail -> {
        flights.remove(place);
        fail(turn, operation, row, "cannot tell: " + reason);
      }
      case WhenUnknown.Attention attention -> {
        flights.remove(place);
        stop(turn, operation, "cannot tell whether it took effect: " + row.step().sentence());
      }
    }
    return true;
  }

  private static <F> void fail(Turn<F> turn, Operation operation, StepRecord row, String why) {
    turn.put(operation, row.ended(StepState.FAILED, row.evidence(), why, turn.state().now()));
  }

  /** Inspections and postponed steps whose time has come. */
  void due(Turn<F> turn, S spec) {
    long now = turn.state().now().nanos();
    for (Map.Entry<Place, Flight> entry : List.copyOf(flights.entrySet())) {
      Flight flight = entry.getValue();
      StepRecord row = row(turn, entry.getKey());
      if (flight.inspectAgainAt() <= now && row != null) {
        flights.put(entry.getKey(), new Flight(flight.doing(), flight.since(), Long.MAX_VALUE));
        turn.then(inspect(turn.operation(entry.getKey().operation()), row, turn, flight.doing()));
      }
    }
    Set<Long> postponed = new HashSet<>();
    notBefore.forEach((place, at) -> {
      if (at <= now) {
        postponed.add(place.operation());
      }
    });
    notBefore.values().removeIf(at -> at <= now);
    List<Long> order = new ArrayList<>(postponed);
    order.sort(null);
    order.forEach(number -> settle(turn, spec, number));
  }

  private @Nullable StepRecord row(Turn<F> turn, Place place) {
    Operation operation = turn.state().operations().get(place.operation());
    if (operation == null) {
      return null;
    }
    for (StepRecord row : operation.steps()) {
      if (row.sequence() == place.sequence() && row.state() == StepState.INTENDED) {
        return row;
      }
    }
    return null;
  }
}
