package io.cotidal.store;

import io.cotidal.engine.LeaseRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease row of a store in PostgreSQL, over a connection of its own: a long commit never delays
 * a renewal. Thread-safe.
 */
final class PostgresLease implements LeaseRow {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);

  /** The server's clock at this moment, not at the transaction's beginning. */
  private static final String NOW =
      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

  private static final String COLUMNS =
      " holder, address, epoch, until_micros, until_micros - " + NOW;

  private final Postgres database;
  private final Duration life;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Connection connection;
  private boolean closed;

  PostgresLease(Postgres database, Duration life) {
    this.database = database;
    this.life = life;
  }

  @Override
  public Lease read() {
    return ask(open ->
            Sql.first(
                open, "SELECT" + COLUMNS + " FROM lease WHERE name = 'leader'", PostgresLease::row))
        .orElseThrow(() ->
            new StoreException(
                "store " + database.place() + ": its lease row is gone; restore a backup"));
  }

  @Override
  public Optional<Lease> take(Lease seen, Candidate candidate) {
    return ask(open ->
        Sql.first(
            open,
            """
            UPDATE lease SET holder = ?, address = ?, epoch = epoch + 1, until_micros = ? + %s
            WHERE name = 'leader' AND epoch = ? AND until_micros = ?
            RETURNING%s
            """
                .formatted(NOW, COLUMNS),
            PostgresLease::row,
            candidate.holder(),
            candidate.address(),
            micros(candidate.life()),
            seen.epoch(),
            seen.mark()));
  }

  @Override
  public Optional<Lease> renew(Candidate candidate, long epoch) {
    return ask(open ->
        Sql.first(
            open,
            """
            UPDATE lease SET address = ?, until_micros = ? + %s
            WHERE name = 'leader' AND holder = ? AND epoch = ? AND until_micros > %s
            RETURNING%s
            """
                .formatted(NOW, NOW, COLUMNS),
            PostgresLease::row,
            candidate.address(),
            micros(candidate.life()),
            candidate.holder(),
            epoch));
  }

  @Override
  public void resign(Candidate candidate, long epoch) {
    ask(open ->
        Sql.update(
            open,
            """
            UPDATE lease SET holder = '', address = '', until_micros = 0
            WHERE name = 'leader' AND holder = ? AND epoch = ?
            """,
            candidate.holder(),
            epoch));
  }

  private static long micros(Duration life) {
    return life.toNanos() / 1_000;
  }

  private static Lease row(ResultSet row) throws SQLException {
    return new Lease(
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        row.getLong(4),
        Duration.ofNanos(Math.multiplyExact(row.getLong(5), 1_000L)));
  }

  /** Each statement is a transaction of its own. */
  private <T> T ask(Readers.Query<T> query) {
    lock.lock();
    try {
      return query.ask(open());
    } catch (SQLException e) {
      drop();
      throw new StoreException(
          "store " + database.place() + ": cannot ask for the lease: " + database.explain(e), e);
    } finally {
      lock.unlock();
    }
  }

  private Connection open() throws SQLException {
    if (closed) {
      throw new StoreException("store " + database.place() + ": the lease is closed");
    }
    Connection open = connection;
    if (open == null) {
      open = database.leaser(life);
      connection = open;
    }
    return open;
  }

  private void drop() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("closing after a failure: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      drop();
    } finally {
      lock.unlock();
    }
  }
}
