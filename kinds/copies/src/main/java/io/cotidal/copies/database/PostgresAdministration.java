package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Trouble;
import io.cotidal.pgclient.Verifier;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.SortedMap;

/** A session with a PostgreSQL server, over TLS. */
final class PostgresAdministration implements Administration {
  private static final String OTHERS =
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
          + " AND usename <> 'cotidal'";
  private static final String OWNER =
      "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ?";
  private static final String KNOWN = "SELECT count(*) > 0 FROM pg_roles WHERE rolname = ?";
  private static final String END_OTHERS =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE backend_type = 'client backend' AND usename <> 'cotidal'";

  private final Place place;
  private final Secret administrator;
  private final PgSession session;

  private PostgresAdministration(Place place, Secret administrator, PgSession session) {
    this.place = place;
    this.administrator = administrator;
    this.session = session;
  }

  static PostgresAdministration open(Place place, Secret administrator, Duration deadline)
      throws EngineException {
    return new PostgresAdministration(
        place, administrator, session(place, "postgres", administrator, deadline));
  }

  private static PgSession session(
      Place place, String database, Secret administrator, Duration deadline)
      throws EngineException {
    return session(
        place,
        new Login(
            place.host(),
            place.port(),
            database,
            PostgresPrograms.ADMINISTRATOR,
            administrator,
            "cotidal"),
        deadline);
  }

  /** Logs in over TLS, to the server of that place alone. */
  static PgSession session(Place place, Login login, Duration deadline) throws EngineException {
    try {
      return PgSession.open(login, Certificates.first(place.certificate()), deadline);
    } catch (PgException e) {
      throw new EngineException(
          place.id() + " does not answer: " + Complaints.bounded(e.trouble().reason()), e);
    }
  }

  @Override
  public void admit(User user, Duration deadline) throws EngineException {
    Deadline end = Deadline.in(deadline);
    if (user.name().equals(PostgresPrograms.ADMINISTRATOR)) {
      throw new EngineException("the user 'cotidal' is Cotidal's own; choose another name");
    }
    String name = Quote.identifier(user.name());
    String verifier = Quote.literal(Verifier.scram(user.password()).reveal());
    try {
      StringBuilder sql = new StringBuilder();
      String owner = session.one(OWNER, end.left(), row -> row.getString(1), user.database());
      if (!owner.equals(user.name())) {
        boolean known = session.one(KNOWN, end.left(), row -> row.getBoolean(1), user.name());
        sql.append(known ? "" : "CREATE ROLE " + name + ";\n");
        sql.append("GRANT ").append(Quote.identifier(owner)).append(" TO ").append(name);
        sql.append(";\n");
      }
      sql.append(lockOthers(user.name()));
      sql.append("ALTER ROLE ").append(name).append(" LOGIN PASSWORD ").append(verifier);
      session.run(sql.append(";\n").append(END_OTHERS).toString(), end.left());
    } catch (PgException e) {
      throw failed(e);
    }
  }

  private static String lockOthers(String user) {
    return """
    DO $$ DECLARE r record; BEGIN
      FOR r IN SELECT rolname FROM pg_roles
          WHERE rolcanlogin AND rolname NOT IN ('cotidal', %s) LOOP
        EXECUTE format('ALTER ROLE %%I NOLOGIN', r.rolname);
      END LOOP;
    END $$;
    """
        .formatted(Quote.literal(user));
  }

  @Override
  public int sessions(Duration deadline) throws EngineException {
    try {
      return session.one(OTHERS, deadline, row -> row.getInt(1));
    } catch (PgException e) {
      throw failed(e);
    }
  }

  @Override
  public SortedMap<String, TableDigest> digest(String database, Duration deadline)
      throws EngineException {
    Deadline end = Deadline.in(deadline);
    try (PgSession inside = session(place, database, administrator, deadline)) {
      return PostgresDigests.of(inside, end);
    } catch (PgException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean broken() {
    return session.broken();
  }

  @Override
  public void close() {
    session.close();
  }

  /** The server's words about a verifier's statement would repeat it. */
  static EngineException failed(PgException problem) {
    return new EngineException("PostgreSQL: " + Complaints.bounded(reason(problem)), problem);
  }

  /** What went wrong; of what the server rejects its number alone. */
  static String reason(PgException problem) {
    return switch (problem.trouble()) {
      case Trouble.Rejected rejected -> "error " + rejected.state();
      case Trouble.Refused refused -> refused.reason();
      case Trouble.Silent silent -> silent.reason();
      case Trouble.CannotTell cannot -> cannot.reason();
    };
  }
}
