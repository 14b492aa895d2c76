package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import java.io.IOException;

/** {@link Acts#UNGUARD}. */
final class Unguard implements Act {
  private static final String NONE_LEFT =
      """
      SELECT NOT EXISTS (SELECT FROM pg_stat_activity
        WHERE usename = current_user AND starts_with(application_name, ?))
      """;

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    SetGuard.end(turn, "");
    if (!turn.await(turn.deadline().most(), Turn.CALM, () -> none(turn))) {
      throw new IOException("the guard of " + turn.node().id() + " has not ended yet");
    }
    turn.node().lifeline().end();
    turn.sql((session, deadline) -> {
      session.run("ALTER SYSTEM RESET " + SetGuard.RESTARTS, deadline.left());
      session.run("SELECT pg_reload_conf()", deadline.left());
      return "";
    });
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, InterruptedException {
    return none(turn)
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied(turn.node().id() + " is guarded");
  }

  private static boolean none(Turn turn) throws PgException, InterruptedException {
    return turn.sql((session, deadline) ->
        session.one(NONE_LEFT, deadline.left(), row -> row.getBoolean(1), Guard.WORDS));
  }
}
