package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.postgres.acts.Acts;
import java.io.IOException;

/** {@link Acts#PRUNE}. */
final class PruneBackups implements Act {
  @Override
  public Details act(Turn turn) throws ActFailed, IOException, InterruptedException {
    String said =
        ArchiveScripts.run(turn, "prune", turn.argument(Acts.KEEP), turn.argument(Acts.REPOSITORY));
    return Details.of("said", Complaint.of(said));
  }

  /** Doing it again where it is done already does no harm. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("whether all of it is gone is found out by doing it again");
  }
}
