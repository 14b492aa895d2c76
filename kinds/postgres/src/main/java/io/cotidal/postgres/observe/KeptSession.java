package io.cotidal.postgres.observe;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.remote.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session that is kept between uses. Thread-safe: one use at a time.
 *
 * <p>If a session that was kept turns out to be closed by the other end, the use is tried once more
 * in a new one, so that what a use does must do no harm twice.
 */
public final class KeptSession implements AutoCloseable {
  private final Login login;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable PgSession session;

  /** What is done with the session. */
  @FunctionalInterface
  public interface Use<T> {
    /** Does it within {@code deadline}. */
    T with(PgSession session, Deadline deadline) throws PgException, InterruptedException;
  }

  /** A session for {@code login}, opened at its first use. */
  public KeptSession(Login login) {
    this.login = login;
  }

  /**
   * Uses the session.
   *
   * @throws PgException if it came to nothing by the deadline
   */
  public <T> T use(Deadline deadline, Use<T> use) throws PgException, InterruptedException {
    long began = System.nanoTime();
    if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new PgException(new Trouble.Silent(System.nanoTime() - began));
    }
    try {
      PgSession kept = session;
      if (kept != null && !kept.broken()) {
        try {
          return use.with(kept, deadline);
        } catch (PgException e) {
          if (!(e.trouble() instanceof Trouble.Refused)) {
            throw e;
          }
        }
      }
      PgSession opened = PgSession.open(login, deadline.left());
      session = opened;
      return use.with(opened, deadline);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (session != null) {
        session.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
