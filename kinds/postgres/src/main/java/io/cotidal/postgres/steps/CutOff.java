package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * {@link Acts#CUT_OFF}: the receiver gone for good first, the position only then. A receiver
 * flushes what it has as it ends.
 */
final class CutOff implements Act {
  private static final Duration REPLAY = Duration.ofSeconds(2);

  private final Cluster cluster;

  CutOff(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    cluster.heardAgain(turn.node().id());
    PgFacts before = cluster.facts(turn);
    long asked = System.nanoTime();
    if (!before.recovering()) {
      throw new ActFailed(turn.node().id() + " is a primary; there is nothing to cut it off from");
    }
    Deadline until = turn.deadline().most();
    Reload.set(turn, "primary_conninfo", "");
    boolean read = Reload.awaitForce(turn, until, "primary_conninfo", "", List.of());
    if (!read || !turn.await(until, Turn.QUICK, () -> receiverGone(turn))) {
      throw new IOException("the receiver of " + turn.node().id() + " has not ended yet");
    }
    // What was received is replayed; then the replaying process rests, and has read that it follows
    // nobody.
    turn.await(until.atMost(REPLAY), Turn.QUICK, () -> replayed(turn));
    boolean rests = Reload.settled(turn, until.atMost(REPLAY), List.of("startup"));
    if (!turn.await(until, Turn.QUICK, () -> receiverGone(turn))) {
      throw new IOException("the receiver of " + turn.node().id() + " has come back");
    }
    PgFacts facts = cluster.facts(turn);
    if (!rests && facts.replayed() >= facts.position()) {
      throw new IOException(turn.node().id() + " does not tell whether it has taken its cut-off");
    }
    cluster.heardUntil(turn.node().id(), heard(before, asked, facts));
    return Start.evidence(facts);
  }

  /**
   * Until when it can have had log of its upstream's. If nothing came while it was being cut off,
   * then not after the last message that it had had before.
   */
  private static long heard(PgFacts before, long asked, PgFacts after) {
    PgFacts.Receiver receiver = before.receiver();
    return receiver != null && before.position() == after.position()
        ? asked - Duration.ofMillis(receiver.silentMillis()).toNanos()
        : System.nanoTime();
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    if (!facts.recovering()) {
      return new Inspection.NotApplied(turn.node().id() + " is a primary");
    }
    boolean cut =
        turn.sql((session, deadline) -> Reload.current(session, deadline, "primary_conninfo"))
                .isEmpty()
            && receiverGone(turn);
    return cut
        ? new Inspection.Applied(Start.evidence(facts))
        : new Inspection.NotApplied(turn.node().id() + " still has an upstream");
  }

  private boolean replayed(Turn turn) throws PgException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    return facts.replayed() >= facts.position();
  }

  private static boolean receiverGone(Turn turn) throws PgException, InterruptedException {
    return turn.sql(CutOff::receiverGone);
  }

  private static boolean receiverGone(PgSession session, Deadline deadline) throws PgException {
    return session.one(
        "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'walreceiver')",
        deadline.left(),
        row -> row.getBoolean(1));
  }
}
