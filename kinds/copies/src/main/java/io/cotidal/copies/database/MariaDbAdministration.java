package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A session with a MariaDB server, over TLS, with the driver. */
final class MariaDbAdministration implements Administration {
  private static final String OTHERS =
      "SELECT ID FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND USER NOT IN"
          + " ('cotidal', 'system user', 'event_scheduler')";
  private static final String COUNTER = " AUTO_INCREMENT=\\d+";
  private static final int NO_SUCH_THREAD = 1094;

  private final Connection connection;
  private boolean broken;

  private MariaDbAdministration(Connection connection) {
    this.connection = connection;
  }

  static MariaDbAdministration open(Place place, Secret administrator, Duration deadline)
      throws EngineException {
    try {
      return new MariaDbAdministration(
          MariaDbLogin.of(place, administrator, deadline).connection());
    } catch (SQLException e) {
      throw new EngineException(place.id() + " does not answer: " + MariaDbLogin.reason(e), e);
    }
  }

  @Override
  public void admit(User user, Duration deadline) throws EngineException {
    String account = MariaDbSql.account(user.name());
    run(
        deadline,
        statement -> {
          statement.execute("CREATE USER IF NOT EXISTS " + account + " ACCOUNT LOCK");
          statement.execute(
              "GRANT ALL PRIVILEGES ON "
                  + MariaDbSql.granted(user.database())
                  + ".* TO "
                  + account);
          statement.execute(
              "ALTER USER " + account + MariaDbSql.identified(user.password()) + " ACCOUNT UNLOCK");
          for (long session : others(statement)) {
            kill(statement, session);
          }
          return 0;
        });
  }

  @Override
  public int sessions(Duration deadline) throws EngineException {
    return run(deadline, statement -> others(statement).size());
  }

  @Override
  public SortedMap<String, TableDigest> digest(String database, Duration deadline)
      throws EngineException {
    return run(
        deadline,
        statement -> {
          SortedMap<String, TableDigest> digests = new TreeMap<>();
          List<String> tables =
              column(
                  statement,
                  "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE'"
                      + " AND TABLE_SCHEMA = "
                      + MariaDbSql.text(database));
          for (String table : tables) {
            digests.put(database + "." + table, digest(statement, database, table));
          }
          return digests;
        });
  }

  @Override
  public boolean broken() {
    return broken;
  }

  @Override
  public void close() {
    broken = true;
    MariaDbLogin.farewell(connection);
  }

  private static TableDigest digest(Statement statement, String database, String table)
      throws SQLException {
    String name = MariaDbSql.name(database) + "." + MariaDbSql.name(table);
    String definition;
    try (ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + name)) {
      row.next();
      definition = row.getString(2).replaceFirst(COUNTER, "");
    }
    // QUOTE tells NULL from the text NULL and keeps every byte.
    String columns =
        column(
                statement,
                "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
                    + MariaDbSql.text(database)
                    + " AND TABLE_NAME = "
                    + MariaDbSql.text(table)
                    + " ORDER BY ORDINAL_POSITION")
            .stream()
            .map(column -> "QUOTE(" + MariaDbSql.name(column) + ")")
            .collect(Collectors.joining(", "));
    String sql =
        """
        SELECT COUNT(*), SUM(CAST(CONV(LEFT(h, 16), 16, 10) AS DECIMAL(20))),
          SUM(CAST(CONV(RIGHT(h, 16), 16, 10) AS DECIMAL(20)))
        FROM (SELECT MD5(CONCAT_WS(',', %s)) AS h FROM %s) AS hashed\
        """
            .formatted(columns, name);
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new TableDigest(
          hash(definition), row.getLong(1), row.getString(2) + ":" + row.getString(3));
    }
  }

  private static List<Long> others(Statement statement) throws SQLException {
    return column(statement, OTHERS).stream().map(Long::valueOf).toList();
  }

  private static void kill(Statement statement, long session) throws SQLException {
    try {
      statement.execute("KILL " + session);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_THREAD) {
        throw e;
      }
    }
  }

  private static List<String> column(Statement statement, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @FunctionalInterface
  private interface Work<T> {
    T with(Statement statement) throws SQLException;
  }

  private <T> T run(Duration deadline, Work<T> work) throws EngineException {
    try {
      MariaDbLogin.within(connection, deadline);
      try (Statement statement = connection.createStatement()) {
        return work.with(statement);
      }
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      broken = broken || state.startsWith("08") || !usable();
      throw new EngineException("MariaDB: " + MariaDbLogin.reason(e), e);
    }
  }

  private boolean usable() {
    try {
      return !connection.isClosed();
    } catch (SQLException e) {
      return false;
    }
  }

  private static String hash(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sum, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
