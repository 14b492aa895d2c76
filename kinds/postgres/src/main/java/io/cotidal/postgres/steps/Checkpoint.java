package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;

/** {@link Acts#CHECKPOINT}. */
final class Checkpoint implements Act {
  Checkpoint() {}

  @Override
  public Details act(Turn turn) throws PgException, InterruptedException {
    turn.sql((session, deadline) -> {
      session.run("CHECKPOINT", deadline.left());
      return true;
    });
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied(
        "whether a checkpoint was this one cannot be seen; another does no harm");
  }
}
