package io.cotidal.pgclient;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/**
 * One session with one server. Every call ends by its deadline even if the server is frozen; after
 * one that did not end with an answer the session is broken and of no more use. For one thread at a
 * time.
 */
public final class PgSession implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofMillis(50);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int CHUNK = 1 << 17;

  private final Connection connection;
  private final DeadlineSockets.Opening opening;
  private boolean broken;

  private PgSession(Connection connection, DeadlineSockets.Opening opening) {
    this.connection = connection;
    this.opening = opening;
  }

  /** Reads one row. */
  @FunctionalInterface
  public interface Reader<T> {
    /** The value of the row that {@code row} stands on. */
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Logs in. Own commits never wait for replicas.
   *
   * @throws PgException if that came to nothing within {@code deadline}, login included
   */
  public static PgSession open(Login login, Duration deadline) throws PgException {
    return open(login, properties(login), deadline);
  }

  /**
   * Logs in over TLS, only to the server that shows that certificate.
   *
   * @param certificate in PEM
   * @throws PgException if that came to nothing within {@code deadline}, login included
   */
  public static PgSession open(Login login, String certificate, Duration deadline)
      throws PgException {
    Properties properties = properties(login);
    properties.setProperty("sslmode", "require");
    properties.setProperty("sslfactory", PinnedSockets.class.getName());
    properties.setProperty("sslfactoryarg", certificate);
    return open(login, properties, deadline);
  }

  private static PgSession open(Login login, Properties properties, Duration deadline)
      throws PgException {
    long began = System.nanoTime();
    DeadlineSockets.Opening opening = new DeadlineSockets.Opening(began + deadline.toNanos());
    try {
      Connection connection =
          ScopedValue.where(DeadlineSockets.OPENING, opening)
              .call(() -> new Driver().connect(url(login), properties));
      if (connection == null) {
        throw new IllegalStateException("the driver does not know its own address form");
      }
      return new PgSession(connection, opening);
    } catch (SQLException e) {
      opening.close();
      throw new PgException(Troubles.of(e, System.nanoTime() - began, deadline));
    }
  }

  /**
   * The value of the only row of a query.
   *
   * @param arguments values of its question marks
   */
  public <T> T one(String sql, Duration deadline, Reader<T> reader, Object... arguments)
      throws PgException {
    return run(
        deadline,
        sql,
        arguments,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
              throw new SQLException("the query gave no row", "02000");
            }
            return reader.read(rows);
          }
        });
  }

  /**
   * The values of all rows of a query.
   *
   * @param arguments values of its question marks
   */
  public <T> List<T> all(String sql, Duration deadline, Reader<T> reader, Object... arguments)
      throws PgException {
    return run(
        deadline,
        sql,
        arguments,
        statement -> {
          List<T> values = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              values.add(reader.read(rows));
            }
          }
          return values;
        });
  }

  /** Runs a statement that gives no rows, or whose rows do not matter. */
  public void run(String sql, Duration deadline, Object... arguments) throws PgException {
    run(deadline, sql, arguments, PreparedStatement::execute);
  }

  /**
   * Sends rows.
   *
   * @param sql {@code COPY … FROM STDIN}
   * @param rows what it reads; the caller's to close
   * @return how many rows the server took
   * @throws IOException if {@code rows} could not be read; the statement is undone then
   * @throws PgException if it came to nothing within {@code deadline}; a thread that is interrupted
   *     meanwhile is told so too
   */
  public long copyIn(String sql, InputStream rows, Duration deadline)
      throws PgException, IOException {
    long began = System.nanoTime();
    opening.until(began + deadline.toNanos());
    try (Watch watch = new Watch(began + deadline.toNanos())) {
      try {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, rows, CHUNK);
      } catch (SQLException e) {
        boolean over = watch.closed();
        Trouble trouble =
            over && !Thread.currentThread().isInterrupted()
                ? new Trouble.Silent(System.nanoTime() - began)
                : Troubles.of(e, System.nanoTime() - began, deadline);
        if (!(trouble instanceof Trouble.Rejected)) {
          broken = true;
          opening.close();
        }
        throw new PgException(trouble);
      }
    }
  }

  /** Whether the session is of no more use. */
  public boolean broken() {
    return broken;
  }

  /** Ends the session. Never waits long for the server. */
  @Override
  public void close() {
    if (!broken) {
      opening.until(System.nanoTime() + FAREWELL.toNanos());
      try {
        connection.close();
      } catch (SQLException e) {
        // Nobody to say farewell to: the sockets are closed below all the same.
      }
    }
    broken = true;
    opening.close();
  }

  /**
   * Closes the sockets when time is up or the thread that waits is interrupted: a write to a server
   * that reads no more has no deadline of its own.
   */
  private final class Watch implements AutoCloseable {
    private final Thread watched = Thread.currentThread();
    private final Thread thread;
    private volatile boolean ended;
    private volatile boolean closed;

    Watch(long deadline) {
      thread = Thread.ofVirtual().name("copy-watch").start(() -> watch(deadline));
    }

    private void watch(long deadline) {
      while (!ended) {
        if (deadline - System.nanoTime() <= 0 || watched.isInterrupted()) {
          closed = true;
          opening.close();
          return;
        }
        LockSupport.parkNanos(Math.min(LOOK.toNanos(), deadline - System.nanoTime()));
      }
    }

    boolean closed() {
      return closed;
    }

    @Override
    public void close() {
      ended = true;
      LockSupport.unpark(thread);
    }
  }

  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  private <T> T run(Duration deadline, String sql, Object[] arguments, Use<T> use)
      throws PgException {
    long began = System.nanoTime();
    opening.until(began + deadline.toNanos());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      return use.of(statement);
    } catch (SQLException e) {
      Trouble trouble = Troubles.of(e, System.nanoTime() - began, deadline);
      if (!(trouble instanceof Trouble.Rejected)) {
        broken = true;
        opening.close();
      }
      throw new PgException(trouble);
    }
  }

  private static String url(Login login) {
    String host = login.host().contains(":") ? "[" + login.host() + "]" : login.host();
    return "jdbc:postgresql://"
        + host
        + ":"
        + login.port()
        + "/"
        + java.net.URLEncoder.encode(login.database(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Properties properties(Login login) {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password().reveal());
    properties.setProperty("ApplicationName", login.application());
    properties.setProperty("socketFactory", DeadlineSockets.class.getName());
    properties.setProperty("assumeMinServerVersion", "13");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("connectTimeout", "0");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("logServerErrorDetail", "false");
    properties.setProperty("options", "-c synchronous_commit=local -c client_min_messages=error");
    return properties;
  }
}
