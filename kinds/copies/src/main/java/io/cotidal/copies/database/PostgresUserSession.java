package io.cotidal.copies.database;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.time.Duration;

/** A user's session with a PostgreSQL server. */
final class PostgresUserSession implements UserSession {
  private static final String WHO = "SELECT current_user || ' in ' || current_database()";

  private final Place place;
  private final User user;
  private final PgSession session;

  private PostgresUserSession(Place place, User user, PgSession session) {
    this.place = place;
    this.user = user;
    this.session = session;
  }

  static PostgresUserSession open(Place place, User user, Duration deadline)
      throws EngineException {
    try {
      PgSession session =
          PgSession.open(
              new Login(
                  place.host(),
                  place.port(),
                  user.database(),
                  user.name(),
                  user.password(),
                  PostgresPrograms.ADMINISTRATOR),
              Certificates.first(place.certificate()),
              deadline);
      return new PostgresUserSession(place, user, session);
    } catch (PgException e) {
      throw new EngineException(
          place.id()
              + " does not let its user in: "
              + Complaints.bounded(PostgresAdministration.reason(e)),
          e);
    }
  }

  @Override
  public void confirm(Duration deadline) throws EngineException {
    try {
      String who = session.one(WHO, deadline, row -> row.getString(1));
      if (!who.equals(user.name() + " in " + user.database())) {
        throw new EngineException(place.id() + " says that its user is " + Complaints.bounded(who));
      }
    } catch (PgException e) {
      throw new EngineException(
          place.id()
              + " does not answer its user: "
              + Complaints.bounded(PostgresAdministration.reason(e)),
          e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
