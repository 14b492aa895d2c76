package io.cotidal.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection that writes, made anew after a failure. Belongs to the writer's thread. */
final class WriterConnection {
  private static final Logger LOG = LoggerFactory.getLogger(WriterConnection.class);

  private final Database database;
  private @Nullable Connection connection;

  /** Begins with a connection that is ready to write, and owns it from now on. */
  WriterConnection(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /** The connection, within a transaction. One that broke while nobody used it is replaced. */
  Connection begin() throws SQLException {
    Connection kept = connection;
    if (kept != null) {
      try {
        database.begin(kept);
        return kept;
      } catch (SQLException e) {
        if (!database.connectionAtFault(e)) {
          throw e;
        }
        discard();
      }
    }
    Connection fresh = database.writer();
    connection = fresh;
    database.begin(fresh);
    return fresh;
  }

  /**
   * After a failure nobody knows what the connection's transaction is: closing it rolls back what
   * is left.
   */
  void discard() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.warn("store={} closing: {}", database.place(), database.explain(e));
      }
    }
  }
}
