package io.cotidal.postgres.steps;

import io.cotidal.model.Stamp;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.Node;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One row that is written anew with each beat. It keeps receiver ages fresh and proves that the
 * disk takes writes. It never waits for replicas, nor for the gate: an older leader's beat is
 * refused by the stamp and by the row.
 */
final class Heartbeat {
  /** The statements that make the table, each on one line for single-user mode. */
  static final List<String> TABLE =
      List.of(
          "CREATE SCHEMA IF NOT EXISTS cotidal",
          "CREATE TABLE IF NOT EXISTS cotidal.heartbeat (id smallint PRIMARY KEY, epoch bigint NOT NULL,"
              + " beat timestamptz NOT NULL) WITH (fillfactor = 10)");

  private static final String BEAT =
      """
      INSERT INTO cotidal.heartbeat AS h (id, epoch, beat) VALUES (1, ?, clock_timestamp())
      ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, beat = excluded.beat
      WHERE h.epoch <= excluded.epoch
      """;

  private static final String UNDEFINED_TABLE = "42P01";
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private Heartbeat() {}

  /** One beat; what goes wrong is the next look's business. */
  static void beat(Node node, Stamp stamp, Deadline deadline) {
    try {
      if (node.machine().remembered().epoch() > stamp.epoch()) {
        LOG.info(
            "member={} heartbeat of epoch {} refused: the gate knows a newer one",
            node.id(),
            stamp.epoch());
        return;
      }
      node.beat().use(deadline, (session, until) -> beat(session, until, stamp));
    } catch (PgException | IOException e) {
      LOG.debug("member={} heartbeat failed: {}", node.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean beat(PgSession session, Deadline deadline, Stamp stamp)
      throws PgException {
    try {
      session.run(BEAT, deadline.left(), stamp.epoch());
    } catch (PgException e) {
      if (!e.rejected(UNDEFINED_TABLE)) {
        throw e;
      }
      for (String statement : TABLE) {
        session.run(statement, deadline.left());
      }
      session.run(BEAT, deadline.left(), stamp.epoch());
    }
    return true;
  }
}
