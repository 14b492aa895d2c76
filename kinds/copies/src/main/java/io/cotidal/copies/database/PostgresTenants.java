package io.cotidal.copies.database;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Verifier;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A session with a PostgreSQL server whose databases are copies. */
final class PostgresTenants implements Tenants {
  /** As many as a server of a copy's own would give it. */
  private static final int SESSIONS_EACH = 50;

  /** SQLSTATE of a role that something still names. */
  private static final String DEPENDENT = "2BP01";

  private static final String DATABASE = "SELECT count(*) > 0 FROM pg_database WHERE datname = ?";
  private static final String TEMPLATE = DATABASE + " AND datistemplate";
  private static final String ROLE = "SELECT count(*) > 0 FROM pg_roles WHERE rolname = ?";

  private static final String PURPOSE = "cotidal ";

  /**
   * Those whose owner has their name. A drop that was interrupted leaves a database of which
   * nothing can be read.
   */
  private static final String ALL =
      """
      SELECT d.datname, d.datallowconn AND d.datconnlimit <> -2, count(a.pid)
      FROM pg_database d
        LEFT JOIN pg_stat_activity a ON a.datid = d.oid
          AND a.backend_type = 'client backend' AND a.usename <> 'cotidal'
      WHERE pg_get_userbyid(d.datdba) = d.datname
      GROUP BY d.datname, d.datallowconn, d.datconnlimit\
      """;

  /**
   * Nobody but the administrator may do more than work in one database: accounts that came with the
   * template lose whatever reaches further.
   */
  private static final String CONFINE =
      """
      DO $$ DECLARE r record; BEGIN
        FOR r IN SELECT rolname FROM pg_roles
            WHERE rolname <> 'cotidal' AND rolname !~ '^pg_' LOOP
          EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL NOSUPERUSER NOCREATEROLE NOCREATEDB'
            || ' NOREPLICATION NOBYPASSRLS', r.rolname);
        END LOOP;
        FOR r IN SELECT pg_get_userbyid(m.roleid) AS grp, pg_get_userbyid(m.member) AS member,
              pg_get_userbyid(m.grantor) AS grantor
            FROM pg_auth_members m
            WHERE pg_get_userbyid(m.member) !~ '^pg_'
              AND (pg_get_userbyid(m.roleid) ~ '^pg_' OR pg_get_userbyid(m.roleid) = 'cotidal') LOOP
          EXECUTE format('REVOKE %I FROM %I GRANTED BY %I CASCADE', r.grp, r.member, r.grantor);
        END LOOP;
        FOR r IN SELECT datname FROM pg_database LOOP
          EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', r.datname);
          EXECUTE format('ALTER DATABASE %I OWNER TO cotidal', r.datname);
        END LOOP;
      END $$\
      """;

  private final Place place;
  private final Secret administrator;
  private final PgSession session;

  private PostgresTenants(Place place, Secret administrator, PgSession session) {
    this.place = place;
    this.administrator = administrator;
    this.session = session;
  }

  static PostgresTenants open(Place place, Secret administrator, String purpose, Duration deadline)
      throws EngineException {
    PgSession session = session(place, "postgres", administrator, purpose, deadline);
    return new PostgresTenants(place, administrator, session);
  }

  private static PgSession session(
      Place place, String database, Secret administrator, String purpose, Duration deadline)
      throws EngineException {
    Login login =
        new Login(
            place.host(),
            place.port(),
            database,
            PostgresPrograms.ADMINISTRATOR,
            administrator,
            PURPOSE + purpose);
    return PostgresAdministration.session(place, login, deadline);
  }

  private interface Work<T> {
    T done() throws PgException;
  }

  private interface Deed {
    void done() throws PgException;
  }

  private static void act(Deed deed) throws EngineException {
    try {
      deed.done();
    } catch (PgException e) {
      throw PostgresAdministration.failed(e);
    }
  }

  private static <T> T asked(Work<T> work) throws EngineException {
    try {
      return work.done();
    } catch (PgException e) {
      throw PostgresAdministration.failed(e);
    }
  }

  @Override
  public String protect(String template, Deadline deadline) throws EngineException {
    return asked(() -> {
      String owner =
          session.one(
              "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ?",
              deadline.left(),
              row -> row.getString(1),
              template);
      session.run(CONFINE, deadline.left());
      String name = Quote.identifier(template);
      session.run(
          "ALTER DATABASE %s IS_TEMPLATE true ALLOW_CONNECTIONS false".formatted(name),
          deadline.left());
      return owner;
    });
  }

  @Override
  public SortedMap<String, Tenant> all(Duration deadline) throws EngineException {
    return asked(() -> {
      SortedMap<String, Tenant> found = new TreeMap<>();
      session
          .all(
              ALL,
              deadline,
              row -> new Named(row.getString(1), new Tenant(row.getBoolean(2), row.getInt(3))))
          .forEach(each -> found.put(each.name(), each.tenant()));
      return found;
    });
  }

  private record Named(String name, Tenant tenant) {}

  @Override
  public void admit(User user, Origin origin, Deadline deadline) throws EngineException {
    String name = Quote.identifier(user.name());
    remove(user.name(), deadline);
    act(() -> {
      boolean known = known(ROLE, user.name(), deadline);
      session.run(
          """
          %s ROLE %s NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;
          ALTER ROLE %s RESET ALL;
          GRANT %s TO %s\
          """
              .formatted(
                  known ? "ALTER" : "CREATE", name, name, Quote.identifier(origin.owner()), name),
          deadline.left());
      // Standing alone: no transaction may hold it.
      session.run(
          "CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY OWNER %s"
              .formatted(name, Quote.identifier(origin.template()), name),
          deadline.left());
    });
    open(user, deadline);
  }

  @Override
  public void open(User user, Deadline deadline) throws EngineException {
    String name = Quote.identifier(user.name());
    String verifier = Quote.literal(Verifier.scram(user.password()).reveal());
    act(() -> {
      session.run(
          """
          REVOKE ALL ON DATABASE %s FROM PUBLIC;
          ALTER DATABASE %s ALLOW_CONNECTIONS true CONNECTION LIMIT -1;
          ALTER ROLE %s LOGIN CONNECTION LIMIT %d PASSWORD %s VALID UNTIL 'infinity'\
          """
              .formatted(name, name, name, SESSIONS_EACH, verifier),
          deadline.left());
    });
  }

  @Override
  public void shut(String copy, Deadline deadline) throws EngineException {
    act(() -> {
      session.run(
          "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(Quote.identifier(copy)),
          deadline.left());
      // Whoever came in before is told to go, and waited for.
      session.run(
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ?",
          deadline.left(),
          copy);
    });
  }

  @Override
  public void remove(String copy, Deadline deadline) throws EngineException {
    String name = Quote.identifier(copy);
    act(() -> {
      // An attempt whose control plane died may be at work still: it has not happened yet, and
      // would happen after this.
      session.run(
          """
          SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
          WHERE usename = 'cotidal' AND application_name = ? AND pid <> pg_backend_pid()\
          """,
          deadline.left(),
          PURPOSE + copy);
      if (known(TEMPLATE, copy, deadline)) {
        // Its owner made one of it, which cannot be dropped. What is left of an interrupted drop
        // can be dropped and nothing else.
        session.run("ALTER DATABASE %s IS_TEMPLATE false".formatted(name), deadline.left());
      }
      if (known(DATABASE, copy, deadline)) {
        session.run("DROP DATABASE %s WITH (FORCE)".formatted(name), deadline.left());
      }
      if (known(ROLE, copy, deadline)) {
        session.run("ALTER ROLE %s NOLOGIN PASSWORD NULL".formatted(name), deadline.left());
        dropped(name, deadline);
      }
    });
  }

  /**
   * Drops the role, unless another copy's user has granted something to it: then it stays, without
   * a way in, for nobody's copy may keep another's from being deleted.
   */
  private void dropped(String name, Deadline deadline) throws PgException {
    try {
      session.run("DROP ROLE %s".formatted(name), deadline.left());
    } catch (PgException e) {
      if (!e.rejected(DEPENDENT)) {
        throw e;
      }
    }
  }

  private boolean known(String sql, String name, Deadline deadline) throws PgException {
    List<Boolean> rows = session.all(sql, deadline.left(), row -> row.getBoolean(1), name);
    return rows.getFirst();
  }

  @Override
  public SortedMap<String, TableDigest> digest(String copy, Duration deadline)
      throws EngineException {
    Deadline end = Deadline.in(deadline);
    try (PgSession inside = session(place, copy, administrator, copy, deadline)) {
      return asked(() -> PostgresDigests.of(inside, end));
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
}
