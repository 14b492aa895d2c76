package io.cotidal.postgres.observe;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one server says beside a look, asked every so often in a session of its own and with little
 * patience: whether it answers decides nothing, and no look waits long for it. Thread-safe; the
 * question is asked by one thread at a time.
 */
final class KeptAnswer<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptAnswer.class);
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** For so long the last answer holds while none comes: one that is missed must end no alarm. */
  private static final Duration HOLDS = Duration.ofMinutes(2);

  private final String what;
  private final Duration period;
  private final KeptSession session;
  private final KeptSession.Use<T> question;
  private final UnaryOperator<T> aged;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable T known;
  private long due = System.nanoTime();
  private long toldAt = due;

  /**
   * Asks nothing yet.
   *
   * @param what is asked for, in the words of the log
   * @param period from one answer to the next; twice that after a failure
   * @param aged the same answer, told to be from before something was changed
   */
  KeptAnswer(
      String what,
      Duration period,
      Login login,
      KeptSession.Use<T> question,
      UnaryOperator<T> aged) {
    this.what = what;
    this.period = period;
    this.session = new KeptSession(login);
    this.question = question;
    this.aged = aged;
  }

  /** Has the next look ask anew: something was changed. */
  void stale() {
    lock.lock();
    try {
      known = known == null ? null : aged.apply(known);
      due = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** The answer; null if it is not known, or just being asked for. */
  @Nullable T latest(Deadline deadline) throws InterruptedException {
    if (!lock.tryLock()) {
      return null;
    }
    try {
      if (System.nanoTime() - due >= 0) {
        ask(deadline.atMost(PATIENCE));
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private void ask(Deadline deadline) throws InterruptedException {
    Duration pause = period;
    try {
      known = session.use(deadline, question);
      toldAt = System.nanoTime();
    } catch (PgException e) {
      LOG.debug("{} not known: {}", what, e.getMessage());
      known = System.nanoTime() - toldAt < HOLDS.toNanos() ? known : null;
      pause = period.multipliedBy(2);
    }
    due = System.nanoTime() + pause.toNanos();
  }

  @Override
  public void close() {
    session.close();
  }
}
