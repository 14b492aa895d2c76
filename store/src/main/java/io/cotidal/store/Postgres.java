package io.cotidal.store;

import io.cotidal.model.Secret;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What is PostgreSQL's own: the way to the server and its time limits, how transactions of several
 * daemons take turns, how errors are named.
 */
final class Postgres implements Database {
  private static final int OLDEST = 130_000;
  private static final int CONNECT_SECONDS = 3;

  /** No answer takes longer; longer than any limit that the server itself keeps. */
  private static final int ANSWER_SECONDS = 8;

  /**
   * A daemon that freezes within a transaction keeps the others from writing for so long; then the
   * server ends its session.
   */
  private static final int FROZEN_MILLIS = 2_000;

  /** Longer than a frozen one can keep us. */
  private static final int LOCK_MILLIS = 4_000;

  private static final int STATEMENT_MILLIS = 6_000;

  /** Two daemons that start together must not both make the tables. Any number, but always this. */
  private static final long MIGRATION = 0x436F_7464L;

  private final PostgresAddress address;
  private final @Nullable Secret password;

  Postgres(PostgresAddress address, @Nullable Secret password) {
    this.address = address;
    this.password = password;
  }

  @Override
  public String place() {
    return address.toString();
  }

  @Override
  public Connection writer() throws SQLException {
    Connection connection = open("writer");
    boolean ready = false;
    try {
      // What is answered as durable must be: an administrator's default may say otherwise.
      Sql.query(
          connection,
          """
          SELECT set_config('synchronous_commit', 'on', false)
          WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')
          """,
          row -> row.getString(1));
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
  }

  @Override
  public Connection reader() throws SQLException {
    return open("reader");
  }

  /**
   * A connection for the lease alone, so that a long commit never delays a renewal.
   *
   * @param life of the lease: one that gives no answer for half of it is replaced in time
   */
  Connection leaser(Duration life) throws SQLException {
    int half = Math.clamp(life.toSeconds() / 2, 1, ANSWER_SECONDS);
    return open("lease", Math.min(half, CONNECT_SECONDS), half);
  }

  private Connection open(String what) throws SQLException {
    return open(what, CONNECT_SECONDS, ANSWER_SECONDS);
  }

  private Connection open(String what, int connectSeconds, int answerSeconds) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    if (password != null) {
      properties.setProperty("password", password.reveal());
    }
    properties.setProperty("ApplicationName", "cotidal store " + what);
    properties.setProperty("currentSchema", address.schema());
    properties.setProperty("connectTimeout", String.valueOf(connectSeconds));
    properties.setProperty("socketTimeout", String.valueOf(answerSeconds));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("assumeMinServerVersion", "13");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("logServerErrorDetail", "false");
    properties.setProperty("sslmode", address.tls().mode().word());
    address
        .tls()
        .authority()
        .ifPresent(file -> properties.setProperty("sslrootcert", file.toString()));
    properties.setProperty(
        "options",
        "-c idle_in_transaction_session_timeout=%d -c lock_timeout=%d -c statement_timeout=%d -c client_min_messages=error"
            .formatted(FROZEN_MILLIS, LOCK_MILLIS, STATEMENT_MILLIS));
    return DriverManager.getConnection(address.url(), properties);
  }

  @Override
  public void claim(Connection connection) throws SQLException {
    refuseUnfit(connection);
    Sql.run(connection, "BEGIN");
    Sql.query(connection, "SELECT pg_advisory_xact_lock(?)", row -> row.getString(1), MIGRATION);
    boolean there =
        Sql.number(
                connection, "SELECT COUNT(*) FROM pg_namespace WHERE nspname = ?", address.schema())
            > 0;
    if (!there) {
      // Its name's grammar is narrower than what needs quotes.
      Sql.run(connection, "CREATE SCHEMA " + address.schema());
      return;
    }
    List<String> tables =
        Sql.query(
            connection,
            "SELECT tablename FROM pg_tables WHERE schemaname = ?",
            row -> row.getString(1),
            address.schema());
    if (!tables.isEmpty() && !tables.contains("meta")) {
      throw new StoreException(
          "store "
              + place()
              + ": schema "
              + address.schema()
              + " is another program's; name another with ?schema=");
    }
  }

  private void refuseUnfit(Connection connection) throws SQLException {
    long version = Sql.number(connection, "SELECT current_setting('server_version_num')::BIGINT");
    if (version < OLDEST) {
      throw new StoreException(
          "store "
              + place()
              + ": is PostgreSQL "
              + version / 10_000
              + "; a store needs 13 or newer");
    }
    if (Sql.number(connection, "SELECT pg_is_in_recovery()::INT") > 0) {
      throw new StoreException(
          "store " + place() + ": is a standby and takes no writes; name the primary");
    }
  }

  /**
   * The row of the counter is everybody's turn. Waiting for it is how one learns that whatever was
   * on its way before, from a session that is lost for example, has ended one way or the other.
   */
  @Override
  public void begin(Connection connection) throws SQLException {
    Sql.run(connection, "BEGIN");
    Sql.number(connection, "SELECT value FROM counter WHERE name = 'batch' FOR UPDATE");
  }

  @Override
  public void beginRead(Connection connection) throws SQLException {
    Sql.run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  /** The server sees to it. */
  @Override
  public void settle(Connection connection) {}

  @Override
  public boolean rowsAtFault(SQLException e) {
    String state = state(e);
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
  }

  @Override
  public boolean connectionAtFault(SQLException e) {
    String state = state(e);
    return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
  }

  @Override
  public boolean full(SQLException e) {
    return state(e).equals("53100");
  }

  @Override
  public String explain(SQLException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    String state = state(e);
    if (silent(e)) {
      return "the server gave no answer in time; see whether it hangs";
    }
    return switch (state) {
      case "28000", "28P01", "08004" ->
          "the server refuses the login (" + reason + "); correct user, store-password or pg_hba";
      case "3D000" -> "there is no such database (" + reason + "); create it";
      case "42501" -> reason + "; let the role create the schema, or give it one that it owns";
      case "53100" -> "the server's disk is full (" + reason + "); free some space";
      case "53300" -> "the server takes no more connections (" + reason + "); raise its limit";
      case "55P03" -> "another daemon holds the journal (" + reason + "); see who hangs";
      case "25006" -> "the server takes no writes (" + reason + "); name the primary";
      case "57P01", "57P02", "57P03", "25P03" -> "the server ends sessions (" + reason + ")";
      default ->
          state.startsWith("08") ? "the server is not reached (" + reason + "); start it" : reason;
    };
  }

  private static boolean silent(SQLException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  @Override
  public void backup(Path target) {
    throw new StoreException(
        "backup "
            + target
            + ": the store is in "
            + place()
            + "; copy it with pg_dump --schema="
            + address.schema());
  }
}
