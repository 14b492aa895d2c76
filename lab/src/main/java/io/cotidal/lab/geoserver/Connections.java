package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Store;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Connections of datastores, kept for the next request, as GeoServer keeps them. Thread-safe. */
final class Connections implements AutoCloseable {
  private final Map<String, Deque<Connection>> idle = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** What is done with a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Does it on one of the store's connections; one that failed is not kept. */
  <T> T with(Store store, Work<T> work) throws SQLException {
    Connection connection = take(store);
    boolean good = false;
    try {
      T result = work.on(connection);
      good = true;
      return result;
    } finally {
      if (good && !closed) {
        idle.computeIfAbsent(key(store), _ -> new ConcurrentLinkedDeque<>()).push(connection);
      } else {
        connection.close();
      }
    }
  }

  private Connection take(Store store) throws SQLException {
    Deque<Connection> kept = idle.getOrDefault(key(store), new ConcurrentLinkedDeque<>());
    for (Connection one = kept.poll(); one != null; one = kept.poll()) {
      if (one.isValid(2)) {
        return one;
      }
      one.close();
    }
    return connect(store);
  }

  private static String key(Store store) {
    return url(store) + " " + store.parameter("user") + " " + store.parameter("passwd");
  }

  private static String url(Store store) {
    return "jdbc:postgresql://"
        + store.parameter("host")
        + ":"
        + store.parameter("port")
        + "/"
        + store.parameter("database");
  }

  private static Connection connect(Store store) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", store.parameter("user"));
    properties.setProperty("password", store.parameter("passwd"));
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "20");
    properties.setProperty("prepareThreshold", "0");
    return DriverManager.getConnection(url(store), properties);
  }

  /** Ends those that nobody uses. */
  void forget() {
    idle.values()
        .forEach(kept -> {
          for (Connection one = kept.poll(); one != null; one = kept.poll()) {
            try {
              one.close();
            } catch (SQLException e) {
              // It is gone either way.
            }
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    forget();
  }
}
