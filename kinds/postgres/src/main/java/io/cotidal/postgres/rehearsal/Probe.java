package io.cotidal.postgres.rehearsal;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client of one clone that commits rows of numbers, each as durably as the cluster promises. For
 * one thread.
 */
public final class Probe implements AutoCloseable {
  private static final Duration OPEN = Duration.ofMillis(500);
  private static final Duration COMMIT = Duration.ofSeconds(2);
  private static final Duration ONCE = Duration.ofSeconds(10);

  private final Login login;
  private final String durability;
  private @Nullable PgSession session;

  private Probe(Login login, String durability) {
    this.login = login;
    this.durability = durability;
  }

  /** Makes the table, in the primary. */
  public static void prepare(Login primary) throws PgException {
    try (PgSession session = PgSession.open(primary, ONCE)) {
      session.run("CREATE TABLE probe (id bigint PRIMARY KEY)", ONCE);
    }
  }

  /**
   * A client that has no session yet.
   *
   * @param durability the cluster's {@code synchronous_commit}
   */
  public static Probe of(Login login, String durability) {
    return new Probe(login, durability);
  }

  /**
   * Commits a row.
   *
   * @throws PgException if that was not acknowledged; the row may be there all the same
   */
  public void commit(long id) throws PgException {
    PgSession open = session;
    if (open == null || open.broken()) {
      open = PgSession.open(login, OPEN);
      session = open;
      open.run("SELECT set_config('synchronous_commit', ?, false)", OPEN, durability);
    }
    open.run("INSERT INTO probe VALUES (?)", COMMIT, id);
  }

  /** Which rows that clone has. */
  public static Set<Long> rows(Login login) throws PgException {
    try (PgSession session = PgSession.open(login, ONCE)) {
      return new HashSet<>(session.all("SELECT id FROM probe", ONCE, row -> row.getLong(1)));
    }
  }

  @Override
  public void close() {
    PgSession open = session;
    if (open != null) {
      open.close();
    }
  }
}
