package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.Quote;
import io.cotidal.postgres.acts.Acts;
import java.io.IOException;

/** {@link Acts#RESTORED}. */
final class Restored implements Act {
  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    turn.sql((session, deadline) -> {
      for (String setting : Recovery.SETTINGS) {
        session.run("ALTER SYSTEM RESET " + Quote.identifier(setting), deadline.left());
      }
      session.run("SELECT pg_reload_conf()", deadline.left());
      // The other cluster's beats may be of a later epoch than this one's control plane has.
      boolean beats =
          session.one(
              "SELECT to_regclass('cotidal.heartbeat') IS NOT NULL",
              deadline.left(),
              row -> row.getBoolean(1));
      if (beats) {
        session.run("DELETE FROM cotidal.heartbeat", deadline.left());
      }
      return true;
    });
    return Details.NONE;
  }

  /** Doing it again where it is done already does no harm. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("it is done again");
  }
}
