package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.List;

/**
 * {@link Acts#SET_QUORUM}. Two kinds of processes make a list real: the checkpointer tells all
 * backends whether there is one, and each sender decides by its own copy whom it releases.
 */
final class SetQuorum implements Act {
  /** The setting. */
  static final String NAMES = "synchronous_standby_names";

  /** The processes that must have read it. */
  static final List<String> WHO_OBEYS = List.of("checkpointer", "walsender");

  private final Cluster cluster;

  SetQuorum(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (cluster.facts(turn).recovering()) {
      throw new ActFailed(turn.node().id() + " is a standby; a quorum is the primary's");
    }
    String text = text(turn);
    Reload.set(turn, NAMES, text);
    if (!inForce(turn, turn.deadline().most())) {
      throw new IOException(
          "not every process of " + turn.node().id() + " obeys '" + text + "' yet");
    }
    return Details.of(Acts.POSITION, cluster.facts(turn).position());
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    if (facts.recovering() || !facts.syncNames().equals(text(turn))) {
      return new Inspection.NotApplied(
          turn.node().id() + " has the quorum list '" + facts.syncNames() + "'");
    }
    try {
      return inForce(turn, turn.deadline().most())
          ? new Inspection.Applied(Details.of(Acts.POSITION, cluster.facts(turn).position()))
          : new Inspection.Unknown("not every process obeys '" + text(turn) + "' yet");
    } catch (ActFailed e) {
      return new Inspection.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private static boolean inForce(Turn turn, Deadline until)
      throws ActFailed, PgException, IOException, InterruptedException {
    return Reload.awaitForce(turn, until, NAMES, text(turn), WHO_OBEYS);
  }

  /** The list that the step asks for, as the server writes it. */
  static String text(Turn turn) {
    return SyncNames.text((int) turn.number(Acts.K), turn.members(Acts.QUORUM));
  }
}
