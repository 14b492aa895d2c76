package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.guard.GuardScript;
import io.cotidal.postgres.observe.PgFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * {@link Acts#GUARD}: a new guard begins before the one that was there ends. The session that
 * begins it is left at once, and the guard with it: that goes on without anybody at its other end.
 */
final class SetGuard implements Act {
  /**
   * A server whose main process lives on after a crash starts its sessions anew, and the guard is
   * none that comes by itself.
   */
  static final String RESTARTS = "restart_after_crash";

  /** For so long the session is held that begins a guard: what fails, fails at once. */
  private static final Duration BEGINS = Duration.ofMillis(100);

  private static final String OTHERS =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE usename = current_user AND starts_with(application_name, ?) AND application_name <> ?
      """;

  private final Cluster cluster;

  SetGuard(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    if (facts.recovering()) {
      throw new ActFailed(turn.node().id() + " is a standby; a guard is the primary's");
    }
    possible(turn);
    Guard guard = guard(turn);
    Reload.set(turn, RESTARTS, "off");
    if (!Reload.awaitForce(turn, turn.deadline().most(), RESTARTS, "off", List.of())) {
      throw new IOException(turn.node().id() + " has not read " + RESTARTS + " yet");
    }
    turn.node().lifeline().begin(guard.epoch(), guard.lease(), System.nanoTime());
    if (!facts.guards().contains(guard)) {
      begin(turn, guard);
    }
    end(turn, guard.name());
    if (!turn.await(turn.deadline().most(), Turn.CALM, () -> alone(turn, guard))) {
      throw new IOException("the guard of " + turn.node().id() + " is not the only one there yet");
    }
    return Details.of(Acts.LEASE, guard.lease().toMillis()).with(Acts.GUARD, guard.name());
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    Guard guard = guard(turn);
    String restarts = turn.sql((session, deadline) -> Reload.current(session, deadline, RESTARTS));
    boolean there =
        alone(turn, guard) && turn.node().lifeline().begun(guard.epoch(), System.nanoTime());
    return there && restarts.equals("off")
        ? new Inspection.Applied(
            Details.of(Acts.LEASE, guard.lease().toMillis()).with(Acts.GUARD, guard.name()))
        : new Inspection.NotApplied(turn.node().id() + " has no such guard");
  }

  private static Guard guard(Turn turn) {
    return Guard.of(
        turn.stamp().epoch(),
        Duration.ofMillis(turn.number(Acts.LEASE)),
        turn.members(Acts.QUORUM));
  }

  /** What the guard will need when nobody is there to read its complaint. */
  private static void possible(Turn turn)
      throws ActFailed, PgException, IOException, InterruptedException {
    boolean clock =
        turn.sql((session, deadline) ->
            session.one(
                "SELECT " + GuardScript.CLOCK + " IS NOT NULL",
                deadline.left(),
                row -> row.getBoolean(1)));
    if (!clock) {
      throw new ActFailed(
          turn.node().id() + " cannot be guarded: it has no /proc/uptime, which Linux has");
    }
    String postmaster =
        turn.sql((session, deadline) ->
            session.one(
                "SELECT " + GuardScript.POSTMASTER, deadline.left(), row -> row.getString(1)));
    if (!postmaster.matches("\\d+")) {
      throw new IOException("postmaster.pid of " + turn.node().id() + " says '" + postmaster + "'");
    }
    try {
      turn.sql((session, deadline) -> {
        // A program that has ended before it is written to breaks the pipe.
        session.run(
            "COPY (SELECT 1) TO PROGRAM 'read -r _; kill -0 " + postmaster + "'", deadline.left());
        return postmaster;
      });
    } catch (PgException e) {
      if (e.trouble() instanceof Trouble.Rejected rejected) {
        throw new ActFailed(
            turn.node().id()
                + " cannot be guarded: COPY TO PROGRAM does not reach its main process: "
                + rejected.reason());
      }
      throw e;
    }
  }

  private static void begin(Turn turn, Guard guard) throws ActFailed, PgException {
    try (PgSession session = PgSession.open(turn.node().login(), turn.deadline().left())) {
      for (String setting : GuardScript.settings(guard)) {
        session.run(setting, turn.deadline().left());
      }
      try {
        session.run(GuardScript.text(guard, turn.members(Acts.QUORUM)), BEGINS);
        throw new ActFailed("the guard of " + turn.node().id() + " ended as it began");
      } catch (PgException e) {
        if (!(e.trouble() instanceof Trouble.Silent)) {
          throw e;
        }
        // It runs, and has nothing to say.
      }
    }
  }

  /** Ends all guards but that one. */
  static void end(Turn turn, String but) throws PgException, InterruptedException {
    turn.sql((session, deadline) -> {
      session.run(OTHERS, deadline.left(), Guard.WORDS, but);
      return but;
    });
  }

  private boolean alone(Turn turn, Guard guard) throws PgException, InterruptedException {
    return cluster.facts(turn).guards().equals(List.of(guard));
  }
}
