package io.cotidal.engine;

import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.Stamp;
import io.cotidal.model.StepRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this process has under way for the operations: acts, inspections, steps that wait for their
 * time. Nothing here is durable; a new owner finds it out anew.
 */
final class Flights {
  private static final long INSPECT_AGAIN = 200 * Moment.MILLI;

  /**
   * What this process is doing for a row whose intent is durable, in the order in which one row
   * goes through it.
   */
  enum Doing {
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

  /** A row of an operation. */
  record Place(long operation, int sequence) {
    static Place of(Operation operation, StepRecord row) {
      return new Place(operation.number(), row.sequence());
    }
  }

  /**
   * An act or inspection under way.
   *
   * @param since monotonic time at which the row's first one began
   * @param inspectAgainAt monotonic time; {@link Long#MAX_VALUE} while an answer is awaited
   * @param said why an act could not tell what came of it; empty if none was asked, or it could
   */
  record Flight(Doing doing, long since, long inspectAgainAt, String said) {}

  private final Map<Place, Flight> flights = new HashMap<>();
  private final Map<Place, Long> notBefore = new HashMap<>();

  /** For each open operation, the first sequence of the plan that is being done. */
  private final Map<Long, Integer> planStart = new HashMap<>();

  /** Forgets everything: another owner acts now, or this one begins anew. */
  void forget() {
    flights.clear();
    notBefore.clear();
    planStart.clear();
  }

  /** Forgets an operation that has ended; late answers find nobody. */
  void forget(long operation) {
    forgetRows(operation);
    planStart.remove(operation);
  }

  private void forgetRows(long operation) {
    flights.keySet().removeIf(place -> place.operation() == operation);
    notBefore.keySet().removeIf(place -> place.operation() == operation);
  }

  /** A new plan of {@code operation} begins at {@code sequence}; of the old one nothing counts. */
  void replan(long operation, int sequence) {
    forgetRows(operation);
    planStart.put(operation, sequence);
  }

  /** The first sequence of the plan that is being done. */
  int planStart(long operation) {
    return planStart.getOrDefault(operation, 1);
  }

  boolean underWay(long operation) {
    return flights.keySet().stream().anyMatch(place -> place.operation() == operation);
  }

  boolean postponed(long operation) {
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

  @Nullable Flight at(Place place) {
    return flights.get(place);
  }

  /** An answer is final. */
  void land(Place place) {
    flights.remove(place);
  }

  /** The step at {@code place} must not begin before monotonic {@code nanos}. */
  void postpone(Place place, long nanos) {
    notBefore.put(place, nanos);
  }

  /** Whether the time of the step at {@code place} has come; if so, it waits no more. */
  boolean ready(Place place, long now) {
    boolean ready = notBefore.getOrDefault(place, Long.MIN_VALUE) <= now;
    if (ready) {
      notBefore.remove(place);
    }
    return ready;
  }

  /**
   * Begins the row, whose intent is in the turn: with its act, or with an inspection if an earlier
   * attempt may have taken effect.
   */
  <F> void begin(Turn<F> turn, Operation operation, StepRecord row) {
    send(turn, operation, row, row.attempt() == 1 ? Doing.ACTING_FIRST : Doing.INSPECTING_FIRST);
  }

  /** Sends the act or the inspection with which the row goes on. */
  <F> void send(Turn<F> turn, Operation operation, StepRecord row, Doing doing) {
    Flight before = flights.get(Place.of(operation, row));
    long since = before == null ? turn.state().now().nanos() : before.since();
    String said = before == null ? "" : before.said();
    flights.put(Place.of(operation, row), new Flight(doing, since, Long.MAX_VALUE, said));
    // Every act and every inspection has a turn of its own.
    long turns = (long) row.sequence() * Doing.TURNS + doing.turn;
    Stamp stamp = new Stamp(turn.state().epoch(), operation.number(), turns);
    turn.then(
        doing.acting()
            ? new Effect.Act(operation.number(), row.sequence(), row.step(), stamp)
            : new Effect.Inspect(operation.number(), row.sequence(), row.step(), stamp));
  }

  /** An act could not tell what came of it: {@code why}. */
  void heard(Place place, String why) {
    flights.computeIfPresent(
        place,
        (_, flight) -> new Flight(flight.doing(), flight.since(), flight.inspectAgainAt(), why));
  }

  /**
   * The inspection could not tell: it is sent again soon, unless that has gone on for {@code limit}
   * since the row began.
   *
   * @return whether it will be
   */
  boolean inspectAgain(Place place, Duration limit, Moment now) {
    Flight flight = flights.get(place);
    if (flight == null || now.nanos() - flight.since() >= limit.toNanos()) {
      return false;
    }
    long again = now.nanos() + INSPECT_AGAIN;
    flights.put(place, new Flight(flight.doing(), flight.since(), again, flight.said()));
    return true;
  }

  /** Rows whose inspection is to be sent again now. */
  List<Place> dueInspections(long now) {
    return flights.entrySet().stream()
        .filter(entry -> entry.getValue().inspectAgainAt() <= now)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Operations with a step whose time has come, in the order of their numbers. */
  List<Long> duePostponed(long now) {
    Set<Long> due = new HashSet<>();
    notBefore.forEach((place, at) -> {
      if (at <= now) {
        due.add(place.operation());
      }
    });
    notBefore.values().removeIf(at -> at <= now);
    List<Long> order = new ArrayList<>(due);
    order.sort(null);
    return order;
  }
}
