package io.cotidal.feeds.plan;

import io.cotidal.engine.Effect;
import io.cotidal.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Acts under way on a replica on paper. Each has two halves; with a source of chance they run side
 * by side, end in any order, and go wrong.
 */
final class Flights {
  /** What becomes of the next act of a sort. */
  enum Fault {
    /** It is refused. */
    FAILS,
    /** It takes effect and nobody hears of it. */
    ANSWER_LOST,
    /** It takes no effect and nobody hears of it. */
    NOTHING_HEARD
  }

  /** An act under way. */
  private static final class Flight {
    private final Effect.Act act;
    private boolean begun;

    Flight(Effect.Act act) {
      this.act = act;
    }
  }

  /** An act that has ended, and what came of it. */
  record Landed(Effect.Act act, Outcome outcome) {}

  private final PaperReplica replica;
  private final @Nullable Random chance;
  private final Runnable boundary;
  private final List<Flight> flights = new ArrayList<>();

  /** How many acts of a hundred go wrong. */
  int faults;

  /** The act, counted from now, that goes wrong; none if negative. */
  int faultAt = -1;

  Fault fault = Fault.FAILS;

  /**
   * None yet.
   *
   * @param boundary is passed between the halves and after them; whoever dies there throws
   */
  Flights(PaperReplica replica, @Nullable Random chance, Runnable boundary) {
    this.replica = replica;
    this.chance = chance;
    this.boundary = boundary;
  }

  /** Begins one. */
  void take(Effect.Act act) {
    flights.add(new Flight(act));
  }

  /** Nobody waits for any more. */
  void forget() {
    flights.clear();
  }

  /** Whether none is under way. */
  boolean none() {
    return flights.isEmpty();
  }

  /** Carries one on, of which there must be any; empty if it has only done its first half. */
  Optional<Landed> carry() {
    Flight flight = flights.get(chance == null ? 0 : chance.nextInt(flights.size()));
    if (!flight.begun) {
      Outcome failed = replica.begin(flight.act.step());
      if (failed != null) {
        return landed(flight, failed);
      }
      flight.begun = true;
      boundary.run();
      if (chance != null) {
        return Optional.empty();
      }
    }
    Outcome outcome = outcome(flight);
    boundary.run();
    return landed(flight, outcome);
  }

  private Optional<Landed> landed(Flight flight, Outcome outcome) {
    flights.remove(flight);
    return Optional.of(new Landed(flight.act, outcome));
  }

  private Outcome outcome(Flight flight) {
    boolean chosen = faultAt-- == 0;
    if (chance != null && chance.nextInt(100) < faults) {
      chosen = true;
      fault = Fault.values()[chance.nextInt(Fault.values().length)];
    }
    if (!chosen) {
      return replica.end(flight.act.step());
    }
    return switch (fault) {
      case FAILS -> new Outcome.Failed("chance has it");
      case NOTHING_HEARD -> new Outcome.Unknown("nothing was heard");
      case ANSWER_LOST -> {
        replica.end(flight.act.step());
        yield new Outcome.Unknown("the answer was lost");
      }
    };
  }
}
