package io.cotidal.postgres.steps;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.postgres.compat.StateRow;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.StateTable;
import io.cotidal.remote.Deadline;
import java.util.List;

/**
 * Writes a cluster's state into a table of its own primary. Like a heartbeat it waits neither for
 * replicas nor for the gate: an older leader's row is refused by the epoch in the newer one. Each
 * write has a session of its own, so that no act ever waits for one.
 */
public final class StateKeeper {
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_SCHEMA = "3F000";

  private final PostgresSpec spec;
  private final StateTable table;

  /** The table of that cluster. */
  public StateKeeper(PostgresSpec spec, StateTable table) {
    this.spec = spec;
    this.table = table;
  }

  /** What came of a write. */
  public enum Written {
    /** The row is there. */
    DONE,
    /** A newer leader's row is there; it stays. */
    OVERTAKEN
  }

  /**
   * Writes the row in the place of the one before; makes schema and table if they are not there.
   *
   * @param primary where
   * @param epoch of the leader that writes
   * @throws PgException if it came to nothing by the deadline
   */
  public Written write(Server primary, StateRow row, long epoch, Deadline deadline)
      throws PgException {
    Login login =
        new Login(
            primary.host(),
            primary.port(),
            Node.DATABASE,
            spec.access().superuser(),
            spec.access().password(),
            "cotidal state");
    try (PgSession session = PgSession.open(login, deadline.left())) {
      session.run("SET synchronous_commit TO local", deadline.left());
      session.run("SET lock_timeout TO '500ms'", deadline.left());
      try {
        return put(session, row, epoch, deadline);
      } catch (PgException e) {
        if (!e.rejected(UNDEFINED_TABLE) && !e.rejected(UNDEFINED_SCHEMA)) {
          throw e;
        }
        make(session, deadline);
        return put(session, row, epoch, deadline);
      }
    }
  }

  private String name() {
    return Quote.identifier(table.schema()) + "." + Quote.identifier(table.table());
  }

  private void make(PgSession session, Deadline deadline) throws PgException {
    session.run("CREATE SCHEMA IF NOT EXISTS " + Quote.identifier(table.schema()), deadline.left());
    session.run(
        """
        CREATE TABLE IF NOT EXISTS %s (
          updated timestamptz, config json, servers json, status json,
          last_ip inet, last_sync timestamptz)
        """
            .formatted(name()),
        deadline.left());
  }

  private Written put(PgSession session, StateRow row, long epoch, Deadline deadline)
      throws PgException {
    List<Integer> written =
        session.all(
            """
            UPDATE %s SET updated = clock_timestamp(), config = ?::json, servers = ?::json,
              status = ?::json, last_ip = inet_client_addr(), last_sync = clock_timestamp()
            WHERE coalesce((status ->> 'epoch')::bigint, 0) <= ?
            RETURNING 1
            """
                .formatted(name()),
            deadline.left(),
            each -> each.getInt(1),
            row.config(),
            row.servers(),
            row.status(),
            epoch);
    if (!written.isEmpty()) {
      return Written.DONE;
    }
    List<Integer> added =
        session.all(
            """
            INSERT INTO %1$s (updated, config, servers, status, last_ip, last_sync)
            SELECT clock_timestamp(), ?::json, ?::json, ?::json, inet_client_addr(),
              clock_timestamp()
            WHERE NOT EXISTS (SELECT FROM %1$s)
            RETURNING 1
            """
                .formatted(name()),
            deadline.left(),
            each -> each.getInt(1),
            row.config(),
            row.servers(),
            row.status());
    return added.isEmpty() ? Written.OVERTAKEN : Written.DONE;
  }
}
