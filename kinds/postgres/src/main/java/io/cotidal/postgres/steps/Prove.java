package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.spec.Restore;
import java.io.IOException;
import java.util.List;

/** {@link Acts#PROVE}. The server is a standby, so that no question can change it. */
final class Prove implements Act {
  private final Cluster cluster;

  Prove(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (!cluster.facts(turn).recovering()) {
      throw new ActFailed(turn.node().id() + " is no standby any more");
    }
    List<Restore.Check> checks =
        cluster.spec().practice().care().restore().map(Restore::checks).orElse(List.of());
    Details evidence = Details.of("checks", checks.size());
    for (int i = 0; i < checks.size(); i++) {
      turn.makeWay();
      Restore.Check check = checks.get(i);
      String answer = answer(turn, check);
      if (!answer.equals(check.answer())) {
        throw new ActFailed(
            "check "
                + (i + 1)
                + " in "
                + check.database()
                + ", '"
                + check.query()
                + "': the answer is '"
                + answer
                + "', and should be '"
                + check.answer()
                + "'");
      }
      evidence = evidence.with("check." + (i + 1), check.query() + " → " + answer);
    }
    return evidence;
  }

  private static String answer(Turn turn, Restore.Check check) throws ActFailed {
    Login own = turn.node().login();
    Login login =
        new Login(
            own.host(),
            own.port(),
            check.database(),
            own.user(),
            own.password(),
            "cotidal restore");
    try (PgSession session = PgSession.open(login, turn.deadline().left())) {
      return session
          .all(check.query(), turn.deadline().left(), row -> String.valueOf(row.getString(1)))
          .stream()
          .findFirst()
          .orElse("no row");
    } catch (PgException e) {
      Trouble trouble = e.trouble();
      throw new ActFailed(
          "check in " + check.database() + ", '" + check.query() + "': " + trouble.reason());
    }
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a question changes nothing");
  }
}
