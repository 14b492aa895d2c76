package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.reach.Sight;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Acts#RECOVER}. The server is a standby all the time: whatever starts it again in between,
 * it takes no writes. Where the log ends before the target it waits there, and this act fails.
 */
final class Recover implements Act {
  private static final Logger LOG = LoggerFactory.getLogger(Recover.class);
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final Cluster cluster;

  Recover(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    String data = turn.inside().sight().data();
    if (!data.equals(Sight.PRESENT)) {
      throw new ActFailed("the data of " + node.id() + " is " + data);
    }
    Optional<ProcessId> running = turn.inside().postmaster();
    if (running.isPresent()) {
      try {
        // An attempt before this one started it, with these settings.
        return await(turn, new RecoveryWatch(cluster, turn, running.get(), 0));
      } catch (RecoveryWatch.Died e) {
        LOG.info("member={} is started anew: {}", node.id(), e.getMessage());
      }
    }
    return await(turn, started(turn));
  }

  private RecoveryWatch started(Turn turn)
      throws ActFailed, PgException, IOException, InterruptedException {
    Node node = turn.node();
    if (!Processes.kill(turn, turn.deadline().most())) {
      throw new ActFailed("processes that an earlier server of " + node.id() + " left remain");
    }
    long logged = turn.inside().openLog();
    turn.inside().dropForeignLock();
    String fetching =
        new Archiving(cluster.spec(), node)
            .script()
            .map(ArchiveScript::restoring)
            .orElseThrow(() -> new ActFailed("the configuration has no restore any more"));
    RecoveryTarget target = Recovery.target(turn.step().arguments());
    new ServerFiles(cluster.spec(), turn)
        .writeRecovering(Recovery.settings(target, turn.argument(Acts.TIMELINE), fetching));
    return new RecoveryWatch(cluster, turn, turn.inside().start(), logged);
  }

  private static Details await(Turn turn, RecoveryWatch watch)
      throws ActFailed, PgException, IOException, InterruptedException {
    if (!turn.await(turn.deadline().most(), PERIOD, watch::reached)) {
      throw new IOException(turn.node().id() + " is still recovering: " + watch.where());
    }
    return watch.evidence();
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    Optional<ProcessId> running = turn.inside().postmaster();
    if (running.isEmpty()) {
      return new Inspection.NotApplied("no process of " + turn.node().id() + " runs");
    }
    RecoveryWatch watch = new RecoveryWatch(cluster, turn, running.get(), 0);
    try {
      return watch.reached()
          ? new Inspection.Applied(watch.evidence())
          : new Inspection.NotApplied(turn.node().id() + " has not come there yet");
    } catch (ActFailed e) {
      return new Inspection.NotApplied(String.valueOf(e.getMessage()));
    }
  }

  /** How far it is, for people who wait. */
  static Progress progress(long from, long at, long least) {
    return new Progress(Math.max(0, at - from), Math.max(0, least - from), "bytes");
  }
}
