package io.cotidal.simulator;

import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.observe.PgFacts;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Looks, and the gate under which acts and inspections happen at a member. */
final class SimGate {
  private static final long KNOCK = 20 * Scheduler.MILLI;

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Rules rules;
  private final SimActs acts;

  /** Probability, of a thousand, that an act takes long, fails before, or loses its answer. */
  int slow;

  int errorBefore;
  int errorAfter;

  SimGate(Scheduler scheduler, RandomGenerator random, Rules rules, SimActs acts) {
    this.scheduler = scheduler;
    this.random = random;
    this.rules = rules;
    this.acts = acts;
  }

  /** What a look that arrives now gives; never called while the host is frozen or out of reach. */
  Observation<PgFacts> look(SimServer server) {
    Host host = server.host();
    if (!server.up) {
      return new Observation.Refused<>("connection refused", host);
    }
    if (server.frozen) {
      throw new IllegalStateException("a frozen server answers nothing");
    }
    if (!server.serves()) {
      return new Observation.CannotTell<>("the database system is starting up", host);
    }
    if (scheduler.now() < History.PEACE && random.nextInt(1_000) < 3) {
      return new Observation.CannotTell<>("too many connections", host);
    }
    return new Observation.Seen<>(server.facts(), host);
  }

  /** Takes the lock, checks the stamp, acts, and says what came of it; perhaps never. */
  void act(SimServer server, Step step, Stamp stamp, long deadline, Consumer<Outcome> then) {
    enter(server, () -> underGate(server, step, stamp, deadline, then));
  }

  /** Runs {@code inside} as soon as the host runs and nobody holds the gate. */
  private void enter(SimServer server, Runnable inside) {
    server.whenHostRuns(() -> {
      if (server.gateHeld) {
        scheduler.after(KNOCK, () -> enter(server, inside));
      } else {
        inside.run();
      }
    });
  }

  private void underGate(
      SimServer server, Step step, Stamp stamp, long deadline, Consumer<Outcome> then) {
    Stamp offered = rules.stamp(stamp);
    if (rules.gateRefuses(server.stamp, offered)) {
      then.accept(new Outcome.Refused(server.stamp));
      return;
    }
    if (rules.gateStores(false) && offered.compareTo(server.stamp) > 0) {
      server.stamp = offered;
    }
    if (random.nextInt(1_000) < errorBefore) {
      then.accept(new Outcome.Failed("an error before the act"));
      return;
    }
    boolean answerLost = random.nextInt(1_000) < errorAfter;
    boolean long_ = random.nextInt(1_000) < slow;
    long takes =
        long_
            ? random.nextLong(12 * Scheduler.SECOND)
            : 5 * Scheduler.MILLI + random.nextLong(100 * Scheduler.MILLI);
    server.gateHeld = true;
    scheduler.after(
        takes,
        () ->
            server.whenHostRuns(() -> {
              server.gateHeld = false;
              acts.effect(
                  server,
                  step,
                  stamp,
                  deadline,
                  outcome ->
                      then.accept(
                          answerLost ? new Outcome.Unknown("the answer was lost") : outcome));
            }));
  }

  void stamp(SimServer server, Stamp stamp, Consumer<Outcome> then) {
    enter(
        server,
        () -> {
          if (rules.gateRefuses(server.stamp, stamp)) {
            then.accept(new Outcome.Refused(server.stamp));
            return;
          }
          if (rules.gateStores(true)) {
            server.stamp = stamp;
          }
          then.accept(new Outcome.Done(Details.NONE));
        });
  }

  /** Waits for the gate, takes its own turn there, and then tells from the effect alone. */
  void inspect(SimServer server, Step step, Stamp stamp, Consumer<Inspection> then) {
    enter(
        server,
        () -> {
          if (rules.gateRefuses(server.stamp, rules.stamp(stamp))) {
            then.accept(new Inspection.Unknown("the member follows a newer stamp"));
          } else if (server.frozen) {
            then.accept(new Inspection.Unknown("it does not answer"));
          } else {
            server.stamp = rules.stamp(stamp);
            then.accept(
                rules.inspects()
                    ? acts.present(server, step, rules.stamp(stamp))
                    : new Inspection.NotApplied("nobody looked"));
          }
        });
  }
}
