package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Sight;
import java.io.IOException;

/**
 * {@link Acts#FENCE}: nothing is left that could acknowledge a write, and no start brings a
 * primary.
 */
final class Fence implements Act {
  private final Cluster cluster;

  Fence(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    if (!Processes.kill(turn, turn.deadline().most())) {
      throw new IOException(
          "processes of " + node.id() + " do not end: " + turn.inside().processes());
    }
    if (turn.inside().holdsData()) {
      new ServerFiles(cluster.spec(), turn).demote();
    }
    // Whoever keeps servers running may have started it again before that file was there.
    if (!Processes.kill(turn, turn.deadline().most())) {
      throw new IOException(
          node.id() + " is started again by somebody else: let its init system not restart it");
    }
    return Details.of(Acts.PROOF, Stop.GONE);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    Node node = turn.node();
    Sight sight = turn.inside().sight();
    if (sight.running()) {
      return new Inspection.NotApplied(node.id() + " still runs");
    }
    return sight.signal() || !turn.inside().holdsData()
        ? new Inspection.Applied(Details.of(Acts.PROOF, Stop.GONE))
        : new Inspection.NotApplied(node.id() + " is gone but not demoted");
  }
}
