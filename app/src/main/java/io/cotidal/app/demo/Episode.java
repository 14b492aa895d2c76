package io.cotidal.app.demo;

import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.Prober;
import io.cotidal.lab.ServerProcesses;
import io.cotidal.model.Operation;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Strikes the primary of a whole cluster, waits until the cluster is whole again, and measures. */
public final class Episode {
  private static final Duration LEAD = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration WATCH = Duration.ofSeconds(3);

  private final Rig rig;
  private final Prober prober;

  /** On that cluster, seen by that prober. */
  public Episode(Rig rig, Prober prober) {
    this.rig = rig;
    this.prober = prober;
  }

  /** The strike's moment by both clocks, and what was before it. */
  private record Before(String loser, long nanos, long micros, long firstId, long lastOperation) {
    long micros(long atNanos) {
      return micros + (atNanos - nanos) / 1000;
    }
  }

  /**
   * Strikes.
   *
   * @param thaw what becomes of a frozen primary after another has taken over
   */
  public Measured run(Strike strike, Thaw thaw) throws DemoProblem, IOException, SQLException {
    String loser =
        rig.shown().primary().orElseThrow(() -> new DemoProblem("there is no primary to strike"));
    long firstId = prober.mark();
    awaitAcknowledgement(loser, System.nanoTime());
    // What the strike is measured from lies a little before it, so that the gap begins with a real
    // acknowledgement.
    rig.patience().pause(LEAD);
    Before before =
        new Before(loser, System.nanoTime(), nowMicros(), firstId, rig.shown().lastNumber());
    strike(strike, loser);
    String winner = awaitWinner(before);
    long afterThaw = 0;
    if (thaw != Thaw.NEVER) {
      afterThaw = thawAndWatch(before, strike, thaw);
    }
    rig.patience().awaitWhole(LIMIT);
    return measure(strike, before, winner, afterThaw);
  }

  private void strike(Strike strike, String loser) throws DemoProblem, IOException {
    ServerProcesses processes = rig.cluster().processes(loser);
    switch (strike) {
      case SWITCHOVER -> rig.switchover();
      case CRASH -> processes.kill();
      case FREEZE -> processes.freeze();
    }
  }

  private String awaitWinner(Before before) throws DemoProblem, IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      Acknowledgements all = prober.acknowledgements();
      for (var member : rig.cluster().members()) {
        if (!member.member().equals(before.loser())
            && all.first(member.member(), before.nanos()).isPresent()) {
          return member.member();
        }
      }
      rig.patience().pause(LOOK);
    }
    throw new DemoProblem(
        "no other member has acknowledged a write for %d s; the daemon says: %s"
            .formatted(LIMIT.toSeconds(), rig.shown().view().diagnosis().sentence()));
  }

  private long thawAndWatch(Before before, Strike strike, Thaw thaw)
      throws IOException, DemoProblem {
    rig.patience()
        .await(
            LIMIT,
            "the " + strike.operation() + " has not ended",
            view ->
                rig.shown()
                    .newest(strike.operation(), before.lastOperation())
                    .filter(operation -> operation.state().ended())
                    .isPresent());
    if (thaw == Thaw.ALONE) {
      rig.withoutDaemon();
    }
    long thawed = System.nanoTime();
    rig.cluster().processes(before.loser()).thaw();
    rig.patience().pause(WATCH);
    long acknowledged = prober.acknowledgements().count(before.loser(), thawed);
    if (thaw == Thaw.ALONE) {
      rig.withDaemon();
    }
    return acknowledged;
  }

  private void awaitAcknowledgement(String member, long since) throws DemoProblem, IOException {
    long deadline = since + LIMIT.toNanos();
    while (prober.acknowledgements().first(member, since).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new DemoProblem(
            "the primary "
                + member
                + " has acknowledged no insert for "
                + LIMIT.toSeconds()
                + " s");
      }
      rig.patience().pause(LOOK);
    }
  }

  private Measured measure(Strike strike, Before before, String winner, long afterThaw)
      throws SQLException {
    long end = System.nanoTime();
    Acknowledgements seen = prober.acknowledgements();
    Acknowledgements mine =
        new Acknowledgements(
            seen.inOrder().stream().filter(each -> each.id() >= before.firstId()).toList());
    Optional<Operation> operation = rig.shown().newest(strike.operation(), before.lastOperation());
    OptionalLong first = mine.first(winner, before.nanos());
    return new Measured(
        strike,
        before.loser(),
        winner,
        mine.gap(before.nanos() - LEAD.toNanos(), end),
        mine.lost(prober.present(winner, before.firstId())),
        mine.dual(before.loser(), winner, before.nanos(), end),
        afterThaw,
        Duration.ofNanos(end - before.nanos()),
        operation
            .map(each -> Phases.of(each, before.micros(), before.micros(first.orElse(end))))
            .orElse(Map.of()),
        operation);
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
