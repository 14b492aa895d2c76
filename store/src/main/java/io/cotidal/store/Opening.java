package io.cotidal.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first connection to a database. */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  private Opening() {}

  /**
   * A connection to write with, the tables as this build wants them.
   *
   * @throws StoreException if the database cannot be used; it is as it was then
   */
  static Connection prepare(Database database) {
    String place = "store " + database.place();
    Connection connection = null;
    boolean ready = false;
    try {
      connection = database.writer();
      database.claim(connection);
      Schema.migrate(connection, place);
      Sql.run(connection, "COMMIT");
      ready = true;
      return connection;
    } catch (SQLException e) {
      throw new StoreException(place + ": cannot be opened: " + database.explain(e), e);
    } finally {
      if (!ready) {
        closeQuietly(connection);
      }
    }
  }

  /**
   * The failure that led here is on its way to the caller; one more about closing would hide it.
   */
  private static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("closing after a failure: {}", e.getMessage());
      }
    }
  }
}
