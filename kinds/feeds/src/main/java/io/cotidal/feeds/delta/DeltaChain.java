package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Trouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Deltas that lead on from one another, brought into a table as one change. All happens inside the
 * caller's transaction, and nobody else may write to the table meanwhile. Before either method
 * ends, the whole table was read, and holds what the last delta was made for; if it does not, the
 * caller undoes the transaction. Of use once.
 */
public final class DeltaChain implements AutoCloseable {
  private static final String GONE = "cotidal_gone";
  private static final String ROWS = "cotidal_rows";
  private static final String NEXT_GONE = "cotidal_next_gone";
  private static final String NEXT_ROWS = "cotidal_next_rows";

  /** Classes of states: values that cannot be, and constraints that do not hold. */
  private static final Set<String> ROWS_REFUSED = Set.of("22", "23");

  private final List<DeltaReader> deltas;

  private DeltaChain(List<DeltaReader> deltas) {
    this.deltas = deltas;
  }

  /**
   * Where tables lie.
   *
   * @param session with the caller's transaction under way
   * @param schema of the tables
   */
  public record Where(PgSession session, Deadline deadline, String schema) {
    String quoted(String table) {
      return Quote.identifier(schema) + "." + Quote.identifier(table);
    }

    void run(String sql) throws PgException {
      session.run(sql, deadline.left());
    }
  }

  /**
   * Opens files, each checked against its own digest.
   *
   * @param files at least one; the oldest first
   * @throws DeltaException if one is not whole, or does not lead on from the one before
   */
  public static DeltaChain open(List<Path> files, DeltaLimits limits) throws DeltaException {
    List<DeltaReader> opened = new ArrayList<>();
    boolean whole = false;
    try {
      for (Path file : files) {
        DeltaReader next = DeltaReader.open(file, limits);
        opened.add(next);
        if (opened.size() > 1 && !leads(opened.get(opened.size() - 2), next)) {
          throw new DeltaException(
              Why.CONTENT,
              "the deltas do not lead on from one another: one ends with %s, and the next begins with %s or has other columns; load the table in full"
                  .formatted(opened.get(opened.size() - 2).target(), next.base()));
        }
      }
      whole = true;
      return new DeltaChain(List.copyOf(opened));
    } finally {
      if (!whole) {
        opened.forEach(DeltaReader::close);
      }
    }
  }

  private static boolean leads(DeltaReader one, DeltaReader next) {
    Shape before = one.header().shape();
    Shape after = next.header().shape();
    return one.target().equals(next.base())
        && before.columns().equals(after.columns())
        && before.key().equals(after.key());
  }

  /** What a table must hold before. */
  public TableDigest base() {
    return deltas.getFirst().base();
  }

  /** What it holds after. */
  public TableDigest target() {
    return deltas.getLast().target();
  }

  /**
   * Changes a table in place.
   *
   * @throws DeltaException if it has other columns or keys, may not hold the rows, or would hold
   *     something else
   * @throws PgException if the server did not do its part
   */
  public void inPlace(Where where, String table) throws DeltaException, PgException {
    try {
      Anatomy anatomy = gathered(where, table);
      Change change = new Change(where.session(), where.deadline(), shape(where, table));
      change.delete();
      change.upsert();
      proven(where, anatomy, table);
    } catch (PgException e) {
      throw sorted(where, table, e);
    }
  }

  /**
   * Fills an empty table, which has the columns of {@code old} and needs no index yet.
   *
   * @throws DeltaException if {@code old} has other columns or keys, or the new one may not hold
   *     the rows, or would hold something else
   * @throws PgException if the server did not do its part
   */
  public void beside(Where where, String old, String fresh) throws DeltaException, PgException {
    try {
      Anatomy anatomy = gathered(where, old);
      fill(where, shape(where, old), fresh);
      proven(where, anatomy, fresh);
    } catch (PgException e) {
      throw sorted(where, fresh, e);
    }
  }

  private static void fill(Where where, Shape shape, String fresh) throws PgException {
    where.run(
        """
        INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %3$s FROM %4$s t
         WHERE NOT EXISTS (SELECT FROM pg_temp.cotidal_gone d WHERE %5$s)
           AND NOT EXISTS (SELECT FROM pg_temp.cotidal_rows d WHERE %5$s)
        """
            .formatted(
                where.quoted(fresh),
                shape.names(""),
                shape.names("t."),
                shape.name(),
                shape.sameKey("t.", "d.")));
    where.run(
        "INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pg_temp.cotidal_rows"
            .formatted(where.quoted(fresh), shape.names("")));
  }

  private void proven(Where where, Anatomy anatomy, String table)
      throws DeltaException, PgException {
    TableDigest found =
        anatomy.digest(where.session(), where.quoted(table) + " t", where.deadline());
    if (!found.equals(target())) {
      throw unfit(where, table, "it would hold " + found + " and not " + target());
    }
  }

  /** What the server says of the rows is the deltas' fault; all else is the server's. */
  private static PgException sorted(Where where, String table, PgException e)
      throws DeltaException {
    if (e.trouble() instanceof Trouble.Rejected rejected
        && ROWS_REFUSED.contains(rejected.state().substring(0, 2))) {
      throw unfit(where, table, "the server refuses rows of theirs: " + rejected.reason());
    }
    return e;
  }

  private static DeltaException unfit(Where where, String table, String what) {
    return new DeltaException(
        Why.CONTENT,
        "the deltas do not fit %s: %s; nothing changed, load the table in full"
            .formatted(where.quoted(table), what));
  }

  private Shape shape(Where where, String table) {
    Shape wanted = deltas.getFirst().header().shape();
    return new Shape(where.schema(), table, wanted.columns(), wanted.key());
  }

  /** Brings all into two temporary tables: keys that go, and rows that come. */
  private Anatomy gathered(Where where, String table) throws DeltaException, PgException {
    Anatomy.prepare(where.session(), where.deadline());
    Shape shape = shape(where, table);
    Anatomy anatomy = Anatomy.read(where.session(), where.schema(), table, where.deadline());
    if (!anatomy.columns().equals(shape.columns()) || !anatomy.apart(shape.key())) {
      throw new DeltaException(
          Why.SCHEMA,
          shape.name() + " has other columns or keys than the delta; load the table in full");
    }
    try {
      make(where, shape, GONE, ROWS);
      copy(where, deltas.getFirst(), GONE, ROWS);
      if (deltas.size() > 1) {
        make(where, shape, NEXT_GONE, NEXT_ROWS);
      }
      for (DeltaReader next : deltas.subList(1, deltas.size())) {
        analyze(where, shape);
        where.run("TRUNCATE pg_temp.cotidal_next_gone, pg_temp.cotidal_next_rows");
        copy(where, next, NEXT_GONE, NEXT_ROWS);
        follow(where, shape);
      }
      analyze(where, shape);
      return anatomy;
    } catch (IOException e) {
      throw DeltaReader.refused(e);
    }
  }

  private static void make(Where where, Shape shape, String gone, String rows) throws PgException {
    String like = "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA";
    where.run(like.formatted(gone, shape.keyNames(""), shape.name()));
    where.run(like.formatted(rows, shape.names(""), shape.name()));
  }

  private static void copy(Where where, DeltaReader delta, String gone, String rows)
      throws DeltaException, PgException, IOException {
    String into = "COPY pg_temp.%s FROM STDIN WITH (FORMAT binary)";
    try (InputStream keys = delta.deleted()) {
      where.session().copyIn(into.formatted(gone), keys, where.deadline().left());
    }
    try (InputStream all = delta.upserted()) {
      where.session().copyIn(into.formatted(rows), all, where.deadline().left());
    }
  }

  /** What goes after it came does not come; what comes after it came comes as it was last. */
  private static void follow(Where where, Shape shape) throws PgException {
    for (String next : List.of(NEXT_GONE, NEXT_ROWS)) {
      where.run("ANALYZE pg_temp." + next);
      where.run(
          "DELETE FROM pg_temp.cotidal_rows t USING pg_temp.%s d WHERE %s"
              .formatted(next, shape.sameKey("t.", "d.")));
    }
    where.run("INSERT INTO pg_temp.cotidal_gone SELECT * FROM pg_temp.cotidal_next_gone");
    where.run("INSERT INTO pg_temp.cotidal_rows SELECT * FROM pg_temp.cotidal_next_rows");
  }

  private static void analyze(Where where, Shape shape) throws PgException {
    for (String table : List.of(GONE, ROWS)) {
      where.run("ANALYZE pg_temp." + table + " (" + shape.keyNames("") + ")");
    }
  }

  @Override
  public void close() {
    deltas.forEach(DeltaReader::close);
  }
}
