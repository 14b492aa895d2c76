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
   * Writes the row in the place of the one before; makes schema and table if they are not there. A
   * database that is read-only stays so.
   *
   * @param primary where
   * @param epoch of the leader that writes
   * @throws PgException if it came to nothing by the deadline, or nobody can tell
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
      // What sees the rows behind the lock must see what was written before it.
      session.run("BEGIN ISOLATION LEVEL READ COMMITTED", deadline.left());
      takeTurns(session, deadline);
      make(session, deadline);
      Written written =
          overtaken(session, epoch, deadline) ? Written.OVERTAKEN : put(session, row, deadline);
      session.run("COMMIT", deadline.left());
      return written;
    }
  }

  private String name() {
    return Quote.identifier(table.schema()) + "." + Quote.identifier(table.table());
  }

  /**
   * Two leaders may believe in themselves for a moment. One after the other they see each other's
   * epochs; side by side both would find the table empty, and there were two rows.
   */
  private void takeTurns(PgSession session, Deadline deadline) throws PgException {
    session.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('cotidal state ' || ?, 0))",
        deadline.left(),
        name());
  }

  /** Who may write the table need not be allowed to make it, nor its schema. */
  private void make(PgSession session, Deadline deadline) throws PgException {
    if (there(session, "SELECT to_regclass(?) IS NOT NULL", name(), deadline)) {
      return;
    }
    String schema = Quote.identifier(table.schema());
    if (!there(session, "SELECT to_regnamespace(?) IS NOT NULL", schema, deadline)) {
      session.run("CREATE SCHEMA IF NOT EXISTS " + schema, deadline.left());
    }
    session.run(
        """
        CREATE TABLE IF NOT EXISTS %s (
          updated timestamptz, config json, servers json, status json,
          last_ip inet, last_sync timestamptz)
        """
            .formatted(name()),
        deadline.left());
  }

  private static boolean there(PgSession session, String sql, String name, Deadline deadline)
      throws PgException {
    return session.one(sql, deadline.left(), each -> each.getBoolean(1), name);
  }

  private boolean overtaken(PgSession session, long epoch, Deadline deadline) throws PgException {
    return session.one(
        "SELECT EXISTS (SELECT FROM %s WHERE (status ->> 'epoch')::bigint > ?)".formatted(name()),
        deadline.left(),
        each -> each.getBoolean(1),
        epoch);
  }

  private Written put(PgSession session, StateRow row, Deadline deadline) throws PgException {
    List<Integer> written =
        session.all(
            """
            UPDATE %s SET updated = clock_timestamp(), config = ?::json, servers = ?::json,
              status = ?::json, last_ip = inet_client_addr(), last_sync = clock_timestamp()
            RETURNING 1
            """
                .formatted(name()),
            deadline.left(),
            each -> each.getInt(1),
            row.config(),
            row.servers(),
            row.status());
    if (written.isEmpty()) {
      session.run(
          """
          INSERT INTO %s (updated, config, servers, status, last_ip, last_sync)
          VALUES (clock_timestamp(), ?::json, ?::json, ?::json, inet_client_addr(),
            clock_timestamp())
          """
              .formatted(name()),
          deadline.left(),
          row.config(),
          row.servers(),
          row.status());
    }
    return Written.DONE;
  }
}
