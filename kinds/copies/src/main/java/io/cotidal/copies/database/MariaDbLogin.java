package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.mariadb.jdbc.Driver;

/**
 * How the driver logs in to a server: over TLS, to the one that shows the place's certificate.
 *
 * @param database to which; empty for none
 */
record MariaDbLogin(Place place, String user, Secret password, String database, Duration deadline) {
  /** A spare may wait that long, in seconds, before its session is asked again. */
  private static final int PATIENT = 30 * 24 * 3600;

  private static final int FAREWELL = 50;

  /** The administrator's. */
  static MariaDbLogin of(Place place, Secret administrator, Duration deadline) {
    return new MariaDbLogin(place, MariaDbSql.ADMINISTRATOR, administrator, "", deadline);
  }

  /** A user's, to the user's database. */
  static MariaDbLogin of(Place place, User user, Duration deadline) {
    return new MariaDbLogin(place, user.name(), user.password(), user.database(), deadline);
  }

  Connection connection() throws EngineException, SQLException {
    String millis = Long.toString(millis(deadline));
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.reveal());
    // The host's name in the certificate is the users' business: we trust this one alone.
    properties.setProperty("sslMode", "verify-ca");
    properties.setProperty("serverSslCert", Certificates.first(place.certificate()));
    properties.setProperty("connectTimeout", millis);
    properties.setProperty("socketTimeout", millis);
    properties.setProperty("restrictedAuth", "mysql_native_password");
    properties.setProperty("allowLocalInfile", "false");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectionAttributes", "program_name:cotidal");
    properties.setProperty("sessionVariables", "wait_timeout=" + PATIENT);
    String host = place.host().contains(":") ? "[" + place.host() + "]" : place.host();
    Connection connection =
        new Driver()
            .connect(
                "jdbc:mariadb://" + host + ":" + place.port() + "/" + Escapes.percent(database),
                properties);
    if (connection == null) {
      throw new IllegalStateException("the driver does not know its own address form");
    }
    return connection;
  }

  /** Bounds each wait of what follows. */
  static void within(Connection connection, Duration deadline) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) Math.min(millis(deadline), 1 << 30));
  }

  /** Ends a session without waiting long. */
  static void farewell(Connection connection) {
    try {
      connection.setNetworkTimeout(Runnable::run, FAREWELL);
      connection.close();
    } catch (SQLException e) {
      // Nobody to say farewell to.
    }
  }

  /** The driver repeats statements in its messages, so only the number is kept of most. */
  static String reason(SQLException problem) {
    String state = String.valueOf(problem.getSQLState());
    if (problem.getErrorCode() == 0 || state.startsWith("08")) {
      return "no answer (" + problem.getClass().getSimpleName() + ", state " + state + ")";
    }
    return "error " + problem.getErrorCode() + ", state " + state;
  }

  private static long millis(Duration deadline) {
    return Math.max(1, deadline.toMillis());
  }
}
