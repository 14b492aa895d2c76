package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import java.io.IOException;

/** {@link Acts#ARCHIVE_EXPIRE}. */
final class ArchiveExpire implements Act {
  private final Cluster cluster;

  ArchiveExpire(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (cluster.facts(turn).recovering()) {
      throw new ActFailed(turn.node().id() + " is a standby now; ask again");
    }
    String said =
        ArchiveScripts.run(
            turn, "expire", turn.argument(Acts.BEFORE), Long.toString(turn.number(Acts.MINUTES)));
    return Details.of("said", Complaint.of(said));
  }

  /** Doing it again where it is done already does no harm. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("whether all of it is gone is found out by doing it again");
  }
}
