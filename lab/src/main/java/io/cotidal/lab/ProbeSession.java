package io.cotidal.lab;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/**
 * A client's session with one server. Every wait ends after one second, by the socket's timeout:
 * the driver then closes the session and sends no cancel. (A cancelled wait for synchronous
 * replication would report success, with a warning.)
 */
final class ProbeSession implements AutoCloseable {
  static final String TABLE = "cotidal_probe";

  private static final String INSERT =
      "INSERT INTO " + TABLE + " (id, member, at) VALUES (?, ?, clock_timestamp())";

  private final Connection connection;
  private final PreparedStatement insert;

  private ProbeSession(Connection connection, PreparedStatement insert) {
    this.connection = connection;
    this.insert = insert;
  }

  /** What became of an insert. */
  enum Answer {
    /** The server said that it is safe. */
    ACKNOWLEDGED,
    /** The server said no, and why is not our business: a standby, a table not yet there. */
    DENIED,
    /** The session is of no use any more; whether the row is there, nobody knows. */
    BROKEN
  }

  /** Connects, or throws within a second or two. */
  static ProbeSession open(Target target, Login login) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password().reveal());
    properties.setProperty("ApplicationName", "prober");
    properties.setProperty("connectTimeout", "1");
    properties.setProperty("socketTimeout", "1");
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("prepareThreshold", "1");
    // A standby denies a hundred inserts a second; its log need not hold them.
    properties.setProperty("options", "-c log_min_messages=fatal -c log_min_error_statement=panic");
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + login.database(),
            properties);
    try {
      return new ProbeSession(connection, connection.prepareStatement(INSERT));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Makes the table if it is not there. */
  void createTable() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + TABLE
              + " (id bigint PRIMARY KEY, member text NOT NULL, at timestamptz NOT NULL)");
    }
  }

  /** Whether the server takes writes. */
  boolean writable() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT NOT pg_is_in_recovery()")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** Inserts one row. An answer with a warning is no acknowledgement. */
  Answer insert(long id, String member) {
    try {
      insert.setLong(1, id);
      insert.setString(2, member);
      insert.executeUpdate();
      if (insert.getWarnings() == null) {
        return Answer.ACKNOWLEDGED;
      }
      insert.clearWarnings();
      return Answer.DENIED;
    } catch (SQLException e) {
      return usable() ? Answer.DENIED : Answer.BROKEN;
    }
  }

  /** Ids of all rows from {@code first} on. */
  Set<Long> ids(long first) throws SQLException {
    Set<Long> ids = new HashSet<>();
    connection.setNetworkTimeout(Runnable::run, 30_000);
    try (PreparedStatement select =
        connection.prepareStatement("SELECT id FROM " + TABLE + " WHERE id >= ?")) {
      select.setLong(1, first);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
    }
    return ids;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The server has ended it already.
    }
  }

  private boolean usable() {
    try {
      return !connection.isClosed();
    } catch (SQLException e) {
      return false;
    }
  }
}
