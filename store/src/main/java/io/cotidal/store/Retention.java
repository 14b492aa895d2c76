package io.cotidal.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What is kept, so that the store stays small for ever.
 *
 * @param events newest events a resource
 * @param operations newest ended operations a resource, with their steps; open ones are always kept
 * @param batches newest batch ids of the whole store
 */
record Retention(int events, int operations, int batches) {
  /**
   * 10,000 events are weeks of a lively cluster in about 5 MB; 2,000 operations are more than
   * anybody pages through. A batch id is asked for within seconds of an unknown commit: 20,000 are
   * minutes of the fastest writing.
   */
  static final Retention DEFAULT = new Retention(10_000, 2_000, 20_000);

  /** Rows that one tidying deletes of each kind, so that work never waits long for it. */
  private static final int SLICE = 500;

  /** Deletes a slice of what is too old, in the caller's transaction; true if more is left. */
  boolean prune(Connection connection) throws SQLException {
    boolean more =
        Sql.update(
                connection,
                """
                DELETE FROM batch WHERE number IN (
                  SELECT number FROM batch
                  WHERE number <= (SELECT value FROM counter WHERE name = 'batch') - ?
                  ORDER BY number LIMIT ?)
                """,
                (long) batches,
                SLICE)
            == SLICE;
    List<String> resources =
        Sql.query(connection, "SELECT id FROM resource ORDER BY id", row -> row.getString(1));
    for (String resource : resources) {
      more |= pruneEvents(connection, resource) == SLICE;
      more |= pruneOperations(connection, resource) == SLICE;
    }
    return more;
  }

  private int pruneEvents(Connection connection, String resource) throws SQLException {
    return Sql.update(
        connection,
        """
        DELETE FROM event WHERE sequence IN (
          SELECT sequence FROM event
          WHERE resource = ? AND sequence <= (
            SELECT sequence FROM event WHERE resource = ?
            ORDER BY sequence DESC LIMIT 1 OFFSET ?)
          ORDER BY sequence LIMIT ?)
        """,
        resource,
        resource,
        events,
        SLICE);
  }

  private int pruneOperations(Connection connection, String resource) throws SQLException {
    return Sql.update(
        connection,
        """
        DELETE FROM operation WHERE resource = ? AND number IN (
          SELECT number FROM operation
          WHERE resource = ? AND is_open = 0 AND number <= (
            SELECT number FROM operation WHERE resource = ? AND is_open = 0
            ORDER BY number DESC LIMIT 1 OFFSET ?)
          ORDER BY number LIMIT ?)
        """,
        resource,
        resource,
        resource,
        operations,
        SLICE);
  }
}
