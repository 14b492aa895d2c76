package io.cotidal.feeds.table;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The table of a generation that is being made, and that of the one that it is made of, in one
 * session. Question marks in SQL stand for arguments. No schema but {@code pg_catalog} is searched
 * for names.
 */
public final class Filling {
  private final Session session;
  private final Tables tables;
  private final List<String> columns;
  private OptionalLong counted = OptionalLong.empty();

  Filling(Session session, Tables tables, List<String> columns) {
    this.session = session;
    this.tables = tables;
    this.columns = List.copyOf(columns);
  }

  /**
   * What both are called, not quoted.
   *
   * @param old table of the other generation; it may not be written unless it is the same
   * @param fresh the new table; the same one, if a generation becomes another
   */
  public record Tables(String schema, String old, String fresh) {}

  /** Work of somebody who speaks to the session; it begins and ends no transaction. */
  @FunctionalInterface
  public interface Direct<E extends Exception> {
    /** Does it by {@code deadline}. */
    void with(PgSession session, Deadline deadline) throws PgException, E;
  }

  /** What both tables are called. */
  public Tables tables() {
    return tables;
  }

  /** The table of the other generation, quoted for SQL. */
  public String old() {
    return Target.quoted(tables.schema(), tables.old());
  }

  /** The new table, quoted for SQL. */
  public String fresh() {
    return Target.quoted(tables.schema(), tables.fresh());
  }

  /** Does work of somebody who has SQL of its own, in the same transaction. */
  public <E extends Exception> void directly(Direct<E> work)
      throws TableException, InterruptedException, E {
    session.directly(work);
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

  /** Says how many rows the new table holds, for a fill that has counted them after its last. */
  public void holds(long rows) {
    counted = OptionalLong.of(rows);
  }

  /** How many rows the new table holds. */
  long rows() throws TableException, InterruptedException {
    return counted.isPresent()
        ? counted.getAsLong()
        : session.row("SELECT count(*) FROM " + fresh(), row -> row.getLong(1));
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
            .formatted(fresh(), list(), list(), old(), condition),
        arguments);
  }
}
