package io.cotidal.feeds.table;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One session with the database for one piece of work, which has one deadline. For one thread at a
 * time. What is not committed when it closes is undone.
 */
final class Session implements AutoCloseable {
  /** What a try needs besides its wait for a lock; one that has less would end as unknown. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final PgSession session;
  private final String about;
  private final Duration lockWait;
  private final Deadline deadline;
  private boolean judging;

  private Session(PgSession session, String about, Duration lockWait, Deadline deadline) {
    this.session = session;
    this.about = about;
    this.lockWait = lockWait;
    this.deadline = deadline;
  }

  /** A piece of work that is done as a whole, or not at all. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it inside a transaction. */
    T run() throws TableException, InterruptedException;
  }

  /**
   * Opens one. Nothing in it is looked for in any schema but {@code pg_catalog}; no statement of it
   * outlives the deadline at the server by much.
   *
   * @param about what it is about, for messages
   */
  static Session open(FeedsSpec.Database database, String about, Deadline deadline)
      throws TableException, InterruptedException {
    Login login =
        new Login(
            database.host(),
            database.port(),
            database.name(),
            database.user(),
            database.password().orElse(new Secret("")),
            "cotidal feeds");
    try {
      PgSession opened = PgSession.open(login, deadline.left());
      Session session = new Session(opened, about, database.lockWait(), deadline);
      session.settle();
      return session;
    } catch (PgException e) {
      throw thrown(about, e.trouble());
    }
  }

  private void settle() throws TableException, InterruptedException {
    row(
        """
        SELECT set_config('search_path', '', false),
          set_config('statement_timeout', ?, false),
          set_config('standard_conforming_strings', 'on', false),
          CASE WHEN current_setting('server_version_num')::int >= 140000
            THEN set_config('client_connection_check_interval', '2s', false) END
        """,
        row -> true,
        String.valueOf(Math.max(1, deadline.left().toMillis())));
  }

  Deadline deadline() {
    return deadline;
  }

  String about() {
    return about;
  }

  void run(String sql, Object... arguments) throws TableException, InterruptedException {
    try {
      session.run(sql, deadline.left(), arguments);
    } catch (PgException e) {
      throw thrown(e);
    }
  }

  <T> T row(String sql, PgSession.Reader<T> reader, Object... arguments)
      throws TableException, InterruptedException {
    try {
      return session.one(sql, deadline.left(), reader, arguments);
    } catch (PgException e) {
      throw thrown(e);
    }
  }

  <T> List<T> rows(String sql, PgSession.Reader<T> reader, Object... arguments)
      throws TableException, InterruptedException {
    try {
      return session.all(sql, deadline.left(), reader, arguments);
    } catch (PgException e) {
      throw thrown(e);
    }
  }

  <T> Optional<T> find(String sql, PgSession.Reader<T> reader, Object... arguments)
      throws TableException, InterruptedException {
    return rows(sql, reader, arguments).stream().findFirst();
  }

  /** Lets somebody else work in this session. */
  <E extends Exception> void directly(Filling.Direct<E> work)
      throws TableException, InterruptedException, E {
    try {
      work.with(session, deadline);
    } catch (PgException e) {
      throw thrown(e);
    }
  }

  /** Sends rows; how many there were. */
  long copy(String sql, InputStream rows) throws TableException, InterruptedException, IOException {
    try {
      return session.copyIn(sql, rows, deadline.left());
    } catch (PgException e) {
      throw thrown(e);
    }
  }

  /**
   * Does {@code work} in one transaction that waits for each lock only for a while, so that nobody
   * queues behind us for longer, and tries again until the deadline.
   *
   * @throws TableException {@code BUSY} if locks were held all the time
   */
  <T> T patiently(Work<T> work) throws TableException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return once(work);
      } catch (TableException e) {
        if (e.kind() != TableException.Kind.BUSY
            || deadline.left().compareTo(pause.plus(lockWait).plus(MARGIN)) <= 0) {
          throw e;
        }
      }
      deadline.pause(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  /** Does {@code work} in one transaction. */
  <T> T once(Work<T> work) throws TableException, InterruptedException {
    run("BEGIN");
    boolean done = false;
    try {
      run("SET LOCAL lock_timeout = " + Math.max(1, lockWait.toMillis()));
      T result = work.run();
      run("COMMIT");
      done = true;
      return result;
    } finally {
      if (!done) {
        rollBack();
      }
    }
  }

  /** Undoes what the transaction has done, and begins it again. */
  void anew() throws TableException, InterruptedException {
    run("ROLLBACK");
    run("BEGIN");
  }

  private void rollBack() {
    if (!session.broken()) {
      try {
        session.run("ROLLBACK", deadline.left().plus(LONGEST_PAUSE));
      } catch (PgException e) {
        // The server undoes it when the session ends, and this one is broken now.
        session.close();
      }
    }
  }

  /**
   * From now on a refusal that is about data, constraints or names is the dump's fault.
   *
   * @param yes false to end that
   */
  void judge(boolean yes) {
    judging = yes;
  }

  private TableException thrown(PgException e) throws InterruptedException {
    boolean fault =
        judging
            && e.trouble() instanceof Trouble.Rejected rejected
            && rejected.state().matches("(22|23|42|0A).*");
    return fault
        ? new TableException(
            TableException.Kind.REJECTED, about + ": the dump cannot be: " + e.trouble().reason())
        : thrown(about, e.trouble());
  }

  private static TableException thrown(String about, Trouble trouble) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while the database worked");
    }
    return new TableException(kind(trouble), about + ": " + reason(trouble));
  }

  private static TableException.Kind kind(Trouble trouble) {
    return switch (trouble) {
      case Trouble.Refused refused -> TableException.Kind.UNREACHABLE;
      case Trouble.Silent silent -> TableException.Kind.UNREACHABLE;
      case Trouble.CannotTell unknown -> TableException.Kind.UNREACHABLE;
      case Trouble.Rejected rejected ->
          switch (rejected.state()) {
            case "55P03", "40P01", "40001" -> TableException.Kind.BUSY;
            case "57014" -> TableException.Kind.UNREACHABLE;
            default -> TableException.Kind.FAILED;
          };
    };
  }

  private static String reason(Trouble trouble) {
    return switch (trouble) {
      case Trouble.Refused refused -> "the database is away: " + refused.reason();
      case Trouble.Silent silent -> "the database is silent: " + silent.reason();
      case Trouble.CannotTell unknown -> "the database cannot be asked: " + unknown.reason();
      case Trouble.Rejected rejected -> "the database says: " + rejected.reason();
    };
  }

  @Override
  public void close() {
    session.close();
  }
}
