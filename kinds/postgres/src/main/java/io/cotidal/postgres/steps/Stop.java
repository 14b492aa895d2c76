package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.postgres.observe.HostLook;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

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
    Optional<ProcessId> postmaster = node.postmaster();
    if (postmaster.isPresent()) {
      Signal.INTERRUPT.send(postmaster.get());
    }
    boolean gone =
        turn.await(turn.deadline().most(), Turn.QUICK, () -> node.serverProcesses().isEmpty());
    if (!gone) {
      throw new IOException(node.id() + " has not ended yet");
    }
    if (!HostLook.data(node).equals(HostLook.PRESENT)) {
      throw new ActFailed("the data of " + node.id() + " is " + HostLook.data(node));
    }
    new ServerFiles(cluster.spec(), node).demote();
    ControlFile control = ControlFile.read(node.data());
    if (!control.clean()) {
      throw new ActFailed(
          node.id()
              + " is gone but was not stopped in order: its control file says "
              + control.state());
    }
    return evidence(control);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    Node node = turn.node();
    if (!node.serverProcesses().isEmpty()) {
      return new Inspection.NotApplied(node.id() + " still runs");
    }
    if (!HostLook.data(node).equals(HostLook.PRESENT)) {
      return new Inspection.NotApplied("the data of " + node.id() + " is " + HostLook.data(node));
    }
    ControlFile control = ControlFile.read(node.data());
    if (!control.clean()) {
      return new Inspection.NotApplied(
          node.id() + " was not stopped in order: its control file says " + control.state());
    }
    return Files.exists(node.signal())
        ? new Inspection.Applied(evidence(control))
        : new Inspection.NotApplied(node.id() + " is gone but not demoted");
  }

  private static Details evidence(ControlFile control) {
    return Details.of(Acts.TIMELINE, control.timeline())
        .with(Acts.POSITION, control.checkpoint())
        .with(Acts.PROOF, GONE);
  }
}
