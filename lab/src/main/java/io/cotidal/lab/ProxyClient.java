package io.cotidal.lab;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An application behind a proxy: one session, an insert every ten milliseconds, every error
 * counted. It waits for an answer as long as the proxy lets it. Thread-safe.
 */
public final class ProxyClient implements AutoCloseable {
  private static final String INSERT =
      "INSERT INTO " + ProbeSession.TABLE + " (id, member, at) VALUES (?, '', clock_timestamp())";

  private final int port;
  private final Login login;
  private final AtomicLong nextId;
  private final List<Long> acknowledged = new CopyOnWriteArrayList<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile long longest;
  private volatile boolean stopped;

  private ProxyClient(int port, Login login, long firstId) {
    this.port = port;
    this.login = login;
    this.nextId = new AtomicLong(firstId);
    this.thread = Thread.ofVirtual().name("proxy-client").unstarted(this::write);
  }

  /**
   * Makes the table and begins; ids rise from {@code firstId}.
   *
   * @param port of the proxy on the loopback
   */
  public static ProxyClient start(int port, Login login, long firstId) throws SQLException {
    ProxyClient client = new ProxyClient(port, login, firstId);
    try (Connection connection = client.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS "
              + ProbeSession.TABLE
              + " (id bigint PRIMARY KEY, member text NOT NULL, at timestamptz NOT NULL)");
    }
    client.thread.start();
    return client;
  }

  /** A session of its own through a proxy; the caller closes it. */
  public static Connection session(int port, Login login) throws SQLException {
    return new ProxyClient(port, login, 0).connect();
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password().reveal());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    // Whoever pools transactions knows no prepared statement of another session's.
    properties.setProperty("prepareThreshold", "0");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + login.database(), properties);
  }

  /** How many inserts were acknowledged. */
  public long written() {
    return acknowledged.size();
  }

  /** The ids of the inserts that were acknowledged. */
  public List<Long> acknowledged() {
    return new ArrayList<>(acknowledged);
  }

  /** What clients were told when something failed, in its order. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Counts the longest time anew from here on. */
  public void anew() {
    longest = 0;
  }

  /** The longest time between two acknowledgements so far. */
  public Duration longest() {
    return Duration.ofNanos(longest);
  }

  /** Ends the inserts and waits for the last one; what it counted stays. */
  public void stop() {
    close();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      // It ends by itself; the caller is in a hurry.
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    @Nullable Connection connection = null;
    long next = System.nanoTime();
    long last = next;
    while (!stopped) {
      try {
        connection = connection == null ? connect() : connection;
        insert(connection);
        long now = System.nanoTime();
        longest = Math.max(longest, now - last);
        last = now;
      } catch (SQLException e) {
        problems.add(String.valueOf(e.getMessage()));
        end(connection);
        connection = null;
      }
      next = Math.max(next + Prober.PACE.toNanos(), System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
    end(connection);
  }

  private void insert(Connection connection) throws SQLException {
    long id = nextId.getAndIncrement();
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setLong(1, id);
      statement.executeUpdate();
    }
    acknowledged.add(id);
  }

  private static void end(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // Whoever broke it has closed it already.
    }
  }
}
