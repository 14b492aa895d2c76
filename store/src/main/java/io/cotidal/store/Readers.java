package io.cotidal.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few connections that read, opened when first needed. Thread-safe. */
final class Readers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

  /** Enough to let a short question pass a long list. */
  private static final int COUNT = 3;

  private static final int WAIT_SECONDS = 30;

  /** A question to the store. */
  interface Query<T> {
    T ask(Connection connection) throws SQLException;
  }

  private final Database database;
  private final Semaphore permits = new Semaphore(COUNT, true);
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Readers(Database database) {
    this.database = database;
  }

  /**
   * Asks within one transaction, so that all of the answer is of one moment.
   *
   * @param what names the question in messages
   * @throws StoreException if the store cannot answer
   */
  <T> T read(String what, Query<T> query) {
    acquire(what);
    try {
      return ask(query);
    } catch (SQLException e) {
      throw new StoreException(
          "store " + database.place() + ": cannot read " + what + ": " + database.explain(e), e);
    } finally {
      permits.release();
    }
  }

  private <T> T ask(Query<T> query) throws SQLException {
    Connection kept = idle.poll();
    if (kept != null) {
      try {
        return ask(kept, query);
      } catch (SQLException e) {
        // A question changes nothing: it may be asked again where a kept connection broke unused.
        if (!database.connectionAtFault(e)) {
          throw e;
        }
      }
    }
    return ask(database.reader(), query);
  }

  private <T> T ask(Connection connection, Query<T> query) throws SQLException {
    boolean sound = false;
    try {
      database.beginRead(connection);
      T answer = query.ask(connection);
      Sql.run(connection, "COMMIT");
      sound = true;
      return answer;
    } finally {
      if (sound) {
        idle.push(connection);
      } else {
        close(connection);
      }
    }
  }

  private void acquire(String what) {
    if (closed) {
      throw new StoreException(
          "store " + database.place() + ": is closed; " + what + " cannot be read");
    }
    try {
      if (permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          "store " + database.place() + ": interrupted before reading " + what, e);
    }
    throw new StoreException(
        "store "
            + database.place()
            + ": "
            + what
            + " not read, all readers were busy for "
            + WAIT_SECONDS
            + " s; see whether the disk is slow");
  }

  private void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("closing a reader: {}", database.explain(e));
    }
  }

  /** Waits for questions that are being answered; later ones are refused. */
  @Override
  public void close() {
    closed = true;
    boolean all = false;
    try {
      all = permits.tryAcquire(COUNT, WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    @Nullable Connection connection = idle.poll();
    while (connection != null) {
      close(connection);
      connection = idle.poll();
    }
    if (all) {
      permits.release(COUNT);
    }
  }
}
