package io.cotidal.copies.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A user's session with a MariaDB server. */
final class MariaDbUserSession implements UserSession {
  private static final String WHO = "SELECT CONCAT(CURRENT_USER(), ' in ', DATABASE())";

  private final Place place;
  private final User user;
  private final Connection connection;

  private MariaDbUserSession(Place place, User user, Connection connection) {
    this.place = place;
    this.user = user;
    this.connection = connection;
  }

  static MariaDbUserSession open(Place place, User user, Duration deadline) throws EngineException {
    try {
      return new MariaDbUserSession(
          place, user, MariaDbLogin.of(place, user, deadline).connection());
    } catch (SQLException e) {
      throw new EngineException(
          place.id() + " does not let its user in: " + MariaDbLogin.reason(e), e);
    }
  }

  @Override
  public void confirm(Duration deadline) throws EngineException {
    try {
      MariaDbLogin.within(connection, deadline);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(WHO)) {
        row.next();
        String who = String.valueOf(row.getString(1));
        if (!who.equals(user.name() + "@% in " + user.database())) {
          throw new EngineException(
              place.id() + " says that its user is " + Complaints.bounded(who));
        }
      }
    } catch (SQLException e) {
      throw new EngineException(
          place.id() + " does not answer its user: " + MariaDbLogin.reason(e), e);
    }
  }

  @Override
  public void close() {
    MariaDbLogin.farewell(connection);
  }
}
