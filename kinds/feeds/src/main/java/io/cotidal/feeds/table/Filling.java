package io.cotidal.feeds.table;

import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A successor's table that is empty, and that of the generation before it, in one session. Question
 * marks in SQL stand for arguments. No schema but {@code pg_catalog} is searched for names.
 */
public final class Filling {
  private final Session session;
  private final String old;
  private final String fresh;
  private final List<String> columns;

  Filling(Session session, String old, String fresh, List<String> columns) {
    this.session = session;
    this.old = old;
    this.fresh = fresh;
    this.columns = List.copyOf(columns);
  }

  /** The table of the generation before, quoted for SQL. It may not be written. */
  public String old() {
    return old;
  }

  /** The new table, quoted for SQL. */
  public String fresh() {
    return fresh;
  }

  /** Its columns that hold values of their own, in order: those that are computed are left out. */
  public List<String> columns() {
    return columns;
  }

  /** The columns quoted for SQL, with commas. */
  public String list() {
    return columns.stream().map(Quote::identifier).collect(Collectors.joining(", "));
  }

  /** When it must be done. */
  public Deadline deadline() {
    return session.deadline();
  }

  /** Runs a statement. */
  public void run(String sql, Object... arguments) throws TableException, InterruptedException {
    session.run(sql, arguments);
  }

  /** The rows of a query. */
  public <T> List<T> rows(String sql, PgSession.Reader<T> reader, Object... arguments)
      throws TableException, InterruptedException {
    return session.rows(sql, reader, arguments);
  }

  /**
   * Sends rows.
   *
   * @param sql {@code COPY … FROM STDIN}
   * @return how many there were
   */
  public long copy(String sql, InputStream rows)
      throws TableException, InterruptedException, IOException {
    return session.copy(sql, rows);
  }

  /** Copies all rows of the generation before. */
  public void copyOld() throws TableException, InterruptedException {
    copyOld("true");
  }

  /**
   * Copies those rows of the generation before, called {@code o}, of which {@code condition} holds.
   */
  public void copyOld(String condition, Object... arguments)
      throws TableException, InterruptedException {
    session.run(
        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s o WHERE %s"
            .formatted(fresh, list(), list(), old, condition),
        arguments);
  }
}
