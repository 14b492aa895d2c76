package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.time.Duration;

/** Copies as databases of one PostgreSQL server, from the version on that clones their files. */
final class PostgresClones implements DatabaseClones {
  /** The first with {@code file_copy_method}. */
  private static final int OLDEST = 18;

  /**
   * On TCP with TLS and a password: the administrator everywhere, each user into the database of
   * the user's own name, whatever rights somebody may have given on another one.
   */
  private static final String RULES =
      """
      hostssl all %s all scram-sha-256
      hostssl sameuser all all scram-sha-256
      """
          .formatted(PostgresPrograms.ADMINISTRATOR);

  private final LocalProcesses processes;

  PostgresClones(LocalProcesses processes) {
    this.processes = processes;
  }

  @Override
  public void require(Installation installation) throws EngineException {
    if (Postgres.major(installation.version()) < OLDEST) {
      throw new EngineException(
          "PostgreSQL "
              + installation.version()
              + " cannot clone a database: install "
              + OLDEST
              + ", or write isolation: server");
    }
  }

  @Override
  public Program server(Installation installation, Place place, boolean sharing) {
    return Program.of(Leftovers.user(place), PostgresPrograms.shared(installation, place, sharing));
  }

  @Override
  public void prepare(Place place) throws EngineException {
    try {
      Durable.write(
          place.data().resolve("pg_hba.conf"),
          RULES,
          processes.user(Leftovers.user(place)).orElse(null),
          "rw-------");
    } catch (IOException e) {
      throw new EngineException("cannot prepare " + place.data() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Tenants tenants(Place place, Secret administrator, String purpose, Duration deadline)
      throws EngineException {
    return PostgresTenants.open(place, administrator, purpose, deadline);
  }

  @Override
  public void login(Place place, User user, Deadline deadline) throws EngineException {
    Login login =
        new Login(
            place.host(), place.port(), user.database(), user.name(), user.password(), "cotidal");
    try (PgSession session = PostgresAdministration.session(place, login, deadline.left())) {
      session.run("SELECT 1", deadline.left());
    } catch (PgException e) {
      throw PostgresAdministration.failed(e);
    }
  }
}
