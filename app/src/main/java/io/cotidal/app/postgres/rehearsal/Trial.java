package io.cotidal.app.postgres.rehearsal;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.rehearsal.CloneCluster;
import io.cotidal.postgres.rehearsal.CloneRehearsals;
import io.cotidal.postgres.rehearsal.Figures;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.rehearsal.Scratch;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** One run: clones become whole, their primary is struck, and they become whole again. */
final class Trial {
  private static final Duration WHOLE = Duration.ofMinutes(5);
  private static final Duration TAKE_OVER = Duration.ofMinutes(2);
  private static final Duration WARM = Duration.ofSeconds(20);

  /** So many commits are acknowledged before the fault, and after all is over. */
  private static final int CALM = 30;

  private final CloneRehearsals.Order order;
  private final CloneCluster clones;
  private final Sentry sentry;
  private final Machines machines;

  Trial(CloneRehearsals.Order order, CloneCluster clones, Sentry sentry, Machines machines) {
    this.order = order;
    this.clones = clones;
    this.sentry = sentry;
    this.machines = machines;
  }

  /** Runs it; the clones' processes are gone afterwards, their files are still there. */
  Details run(Scratch scratch) throws RehearsalFailed, IOException, InterruptedException {
    CloneDaemon daemon = CloneDaemon.start(clones.spec(), machines, scratch.folder());
    try {
      sentry.await(
          WHOLE, daemon::whole, () -> "the clones did not become whole: " + daemon.story());
      MemberId primary = daemon.primary().orElse(order.primary());
      try (Prober prober = Prober.start(clones, primary)) {
        return struck(daemon, prober, primary);
      }
    } finally {
      boolean interrupted = Thread.interrupted();
      try {
        // First, so that nothing of it stands in the real cluster's way while the rest ends.
        scratch.end();
      } finally {
        daemon.close();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private Details struck(CloneDaemon daemon, Prober prober, MemberId old)
      throws RehearsalFailed, IOException, InterruptedException {
    awaitWrites(prober, 0);
    long number = daemon.newest();
    Strike strike = new Strike(clones.spec().server(old).orElseThrow(), machines.processes());
    long struck = System.nanoTime();
    switch (order.fault()) {
      case PROCESS_DEAD -> strike.kill();
      case FROZEN -> strike.freeze();
      case SWITCHOVER -> daemon.ask("switchover");
    }
    Failover failover = clones.spec().failover();
    sentry.await(
        TAKE_OVER.plus(failover.silence()).plus(failover.guard()),
        () -> daemon.changed(number).isPresent(),
        () -> "nobody took over from the clones' primary: " + daemon.story());
    Operation change = daemon.changed(number).orElseThrow();
    if (change.state() != OperationState.DONE) {
      throw new RehearsalFailed(
          "the " + change.type() + " of the clones " + change.state() + ": " + change.note());
    }
    if (order.fault() == Fault.FROZEN) {
      strike.thaw();
    }
    sentry.await(
        WHOLE, daemon::whole, () -> "the clones did not become whole again: " + daemon.story());
    long whole = System.nanoTime() - struck;
    awaitWrites(prober, prober.acknowledged().size());
    prober.close();
    MemberId now =
        daemon
            .primary()
            .orElseThrow(() -> new RehearsalFailed("no clone takes writes: " + daemon.story()));
    Set<Long> kept = Prober.kept(clones, now);
    Measured measured = Measured.of(prober.acknowledged(), struck, old, now, kept);
    return figures(measured, change, now).with(Figures.WHOLE, whole / 1_000_000);
  }

  private void awaitWrites(Prober prober, int from) throws RehearsalFailed, InterruptedException {
    sentry.await(
        WARM,
        () -> prober.acknowledged().size() >= from + CALM,
        () -> "the clones' primary acknowledges no writes");
  }

  private Details figures(Measured measured, Operation change, MemberId now) {
    return Details.of(Figures.OUTAGE, measured.outage().toMillis())
        .with(Figures.PROMOTED, now)
        .with(Figures.WHY, why(change, now))
        .with(Figures.WRITES, measured.writes())
        .with(Figures.DURABILITY, clones.durability())
        .with(Figures.LOST, measured.lost())
        .with(Figures.DUAL, measured.dual())
        .with(Figures.TAKEN, clones.taken().toMillis())
        .with(Figures.BYTES, clones.bytes())
        .with(
            Figures.OTHERWISE,
            "clones run on the daemon's machine, on loopback, at a low priority, without archive,"
                + " proxies, plug-ins and alerts")
        .with(Figures.DROPPED, String.join(", ", clones.dropped()));
  }

  private static String why(Operation change, MemberId now) {
    Optional<StepRecord> choice = change.step("choose");
    return choice
        .map(StepRecord::evidence)
        .map(evidence ->
            evidence.get("rule", "") + evidence.find(now.name()).map(own -> "; " + own).orElse(""))
        .filter(text -> !text.isEmpty())
        .orElseGet(() -> change.type() + ": " + change.reason());
  }
}
