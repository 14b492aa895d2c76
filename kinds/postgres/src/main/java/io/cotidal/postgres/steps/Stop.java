package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Sight;
import java.io.IOException;

/**
 * {@link Acts#STOP}: in order, so that its last record is a checkpoint that the others can be
 * measured by.
 */
final class Stop implements Act {
  /** The word for a verified absence of processes. */
  static final String GONE = "process gone";

  private final Cluster cluster;

  Stop(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    if (ByPlugin.wanted(turn) && !turn.inside().processes().isEmpty()) {
      cluster.plugins().ask(turn, Details.of(Start.MODE, "stop"));
    } else {
      turn.inside().interrupt();
    }
    boolean gone =
        turn.await(turn.deadline().most(), Turn.QUICK, () -> turn.inside().processes().isEmpty());
    if (!gone) {
      throw new IOException(node.id() + " has not ended yet");
    }
    Sight sight = turn.inside().sight();
    if (!sight.data().equals(Sight.PRESENT)) {
      throw new ActFailed("the data of " + node.id() + " is " + sight.data());
    }
    new ServerFiles(cluster.spec(), turn).demote();
    if (!turn.inside().processes().isEmpty()) {
      throw new IOException(
          node.id() + " was started again by somebody else: let its init system not restart it");
    }
    ControlFile control = ControlFile.of(sight);
    if (!control.clean()) {
      throw new ActFailed(
          node.id()
              + " is gone but was not stopped in order: its control file says "
              + control.state());
    }
    return evidence(control);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    Node node = turn.node();
    Sight sight = turn.inside().sight();
    if (sight.running()) {
      return new Inspection.NotApplied(node.id() + " still runs");
    }
    if (!sight.data().equals(Sight.PRESENT)) {
      return new Inspection.NotApplied("the data of " + node.id() + " is " + sight.data());
    }
    ControlFile control = ControlFile.of(sight);
    if (!control.clean()) {
      return new Inspection.NotApplied(
          node.id() + " was not stopped in order: its control file says " + control.state());
    }
    return sight.signal()
        ? new Inspection.Applied(evidence(control))
        : new Inspection.NotApplied(node.id() + " is gone but not demoted");
  }

  private static Details evidence(ControlFile control) {
    return Details.of(Acts.TIMELINE, control.timeline())
        .with(Acts.POSITION, control.checkpoint())
        .with(Acts.PROOF, GONE);
  }
}
