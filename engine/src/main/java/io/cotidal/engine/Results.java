package io.cotidal.engine;

import io.cotidal.engine.Flights.Doing;
import io.cotidal.engine.Flights.Flight;
import io.cotidal.engine.Flights.Place;
import io.cotidal.model.Inspection;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.WhenUnknown;
import org.jspecify.annotations.Nullable;

/** What acts and inspections came to, row by row. */
final class Results {
  /** What follows for the operation. */
  sealed interface Next {
    /** Nobody waited for it, or another answer is awaited for the row. */
    record Nothing() implements Next {}

    /** The row has ended: the operation goes on. */
    record GoOn() implements Next {}

    /** The member follows a newer epoch. */
    record Overtaken(Stamp newer) implements Next {}
  }

  private static final Next NOTHING = new Next.Nothing();
  private static final Next GO_ON = new Next.GoOn();

  private final Flights flights;
  private final Endings endings;

  Results(Flights flights, Endings endings) {
    this.flights = flights;
    this.endings = endings;
  }

  /** Takes in what an act came to. */
  <F> Next on(Turn<F> turn, Place place, Outcome outcome) {
    Flight flight = flights.at(place);
    StepRecord row = intended(turn, place);
    if (flight == null || !flight.doing().acting() || row == null) {
      return NOTHING;
    }
    Operation operation = turn.operation(place.operation());
    switch (outcome) {
      case Outcome.Done ended -> {
        flights.land(place);
        Endings.done(turn, operation, row, ended.evidence());
      }
      case Outcome.Failed failed -> {
        flights.land(place);
        Endings.failed(turn, operation, row, failed.reason());
      }
      case Outcome.Refused refused -> {
        flights.land(place);
        Endings.failed(turn, operation, row, "refused: the member follows " + refused.newer());
        if (refused.newer().epoch() > turn.state().epoch()) {
          return new Next.Overtaken(refused.newer());
        }
      }
      case Outcome.Unknown unknown -> {
        flights.heard(place, unknown.reason());
        flights.send(turn, operation, row, Doing.INSPECTING_AFTER);
        return NOTHING;
      }
    }
    return GO_ON;
  }

  /** Takes in what an inspection told; whether the row has ended, so that its operation goes on. */
  <F> boolean on(Turn<F> turn, Place place, Inspection inspection) {
    Flight flight = flights.at(place);
    StepRecord row = intended(turn, place);
    if (flight == null || flight.doing().acting() || row == null) {
      return false;
    }
    Operation operation = turn.operation(place.operation());
    switch (inspection) {
      case Inspection.Applied applied -> {
        flights.land(place);
        Endings.done(turn, operation, row, applied.evidence());
      }
      case Inspection.NotApplied not -> {
        boolean goesOn =
            !operation.cancelRequested() || operation.state() == OperationState.CANCELLING;
        if (flight.doing() == Doing.INSPECTING_FIRST && goesOn) {
          flights.send(turn, operation, row, Doing.ACTING);
          return false;
        }
        flights.land(place);
        String act = flight.said().isEmpty() ? "" : " (the act: " + flight.said() + ")";
        Endings.failed(turn, operation, row, "not applied: " + not.reason() + act);
      }
      case Inspection.Unknown unknown -> {
        return unknown(turn, operation, row, unknown.reason());
      }
    }
    return true;
  }

  /**
   * Applies what the step declared for the case that nobody can tell; whether the row has ended.
   */
  private <F> boolean unknown(Turn<F> turn, Operation operation, StepRecord row, String reason) {
    Place place = Place.of(operation, row);
    switch (row.step().whenUnknown()) {
      case WhenUnknown.RetryFor retry -> {
        if (flights.inspectAgain(place, retry.limit(), turn.state().now())) {
          return false;
        }
        flights.land(place);
        Endings.failed(turn, operation, row, "cannot tell: " + reason);
      }
      case WhenUnknown.Fail fail -> {
        flights.land(place);
        Endings.failed(turn, operation, row, "cannot tell: " + reason);
      }
      case WhenUnknown.Attention attention -> {
        flights.land(place);
        endings.stop(
            turn, operation, "cannot tell whether it took effect: " + row.step().sentence());
      }
    }
    return true;
  }

  /** Sends inspections whose time has come. */
  <F> void due(Turn<F> turn) {
    for (Place place : flights.dueInspections(turn.state().now().nanos())) {
      Flight flight = flights.at(place);
      StepRecord row = intended(turn, place);
      if (flight != null && row != null) {
        flights.send(turn, turn.operation(place.operation()), row, flight.doing());
      }
    }
  }

  private static <F> @Nullable StepRecord intended(Turn<F> turn, Place place) {
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
