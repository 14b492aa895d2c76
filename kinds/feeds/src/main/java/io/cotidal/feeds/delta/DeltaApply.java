package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
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
 * Brings a table from the state that a delta was made from to the one it was made for, in place and
 * in one transaction: readers see the old rows until the commit and the new ones after it, and are
 * never locked out. What goes away is kept in a small table of its own, from which {@link
 * #rollBack} brings it back. Two changes of one table by this class wait for each other; nobody
 * else should write to it.
 */
public final class DeltaApply {
  private final PgSession session;
  private final Duration lockWait;
  private final Deadline deadline;

  /** How much is read to prove the result before it is committed. */
  public enum Check {
    /** The whole table: its row count and its sum are the target's. */
    WHOLE,
    /**
     * The rows that the delta touches: together they held before what the source says, and hold
     * after it what the source says. That all others are as they were is taken on trust.
     */
    TOUCHED
  }

  /** What was done. */
  public record Applied(DeltaMark mark, long deleted, long updated, long inserted) {}

  /**
   * For one session.
   *
   * @param session with no transaction under way
   * @param lockWait how long other writers and changes of the table are waited for
   */
  public DeltaApply(PgSession session, Duration lockWait, Deadline deadline) {
    this.session = session;
    this.lockWait = lockWait;
    this.deadline = deadline;
  }

  private interface Work<T> {
    T run() throws DeltaException, PgException, IOException;
  }

  /**
   * Applies a delta; changes nothing if that very delta was applied already.
   *
   * @param delta just opened
   * @throws DeltaException if it does not fit or the result is not the target: nothing changed, and
   *     a full load is the way on
   * @throws PgException if the server did not do its part; {@link #mark} tells whether it committed
   */
  public Applied apply(DeltaPlace place, DeltaReader delta, Check check)
      throws DeltaException, PgException {
    DeltaMark mark = new DeltaMark(delta.digest(), delta.base(), delta.target());
    return transaction(
        place,
        () -> {
          if (done(place, mark)) {
            return new Applied(mark, 0, 0, 0);
          }
          Anatomy table = fitting(place, delta.header().shape());
          Shape shape = shape(place, delta.header().shape());
          load(shape, delta);
          Change change = new Change(session, deadline, table, shape);
          TableDigest before = check == Check.TOUCHED ? change.touched() : TableDigest.EMPTY;
          long inserted = undo(place).keep(table, shape);
          long deleted = change.delete();
          if (deleted != delta.deletes()) {
            throw content(place, "rows that the delta takes away are not there");
          }
          change.upsert();
          TableDigest found =
              check == Check.WHOLE
                  ? table.digest(session, deadline)
                  : delta.base().minus(before).plus(change.touched());
          if (!found.equals(delta.target())) {
            throw content(place, "it would hold " + found + " and not " + delta.target());
          }
          undo(place).comment(mark);
          return new Applied(mark, deleted, delta.upserts() - inserted, inserted);
        });
  }

  /**
   * Undoes what the undo table keeps, and drops that table.
   *
   * @return what the table holds again
   * @throws DeltaException if there is nothing to undo, or the result is not what it was before:
   *     nothing changed then
   * @throws PgException if the server did not do its part
   */
  public TableDigest rollBack(DeltaPlace place, Check check) throws DeltaException, PgException {
    return transaction(
        place,
        () -> {
          DeltaMark mark =
              mark(place).orElseThrow(() -> content(place, "nothing is kept in " + place.undo()));
          Anatomy table = Anatomy.read(session, place.schema(), place.table(), deadline);
          Shape shape = table.shape();
          temporary(shape);
          undo(place).bringBack(table, shape);
          analyze(shape);
          Change change = new Change(session, deadline, table, shape);
          TableDigest before = check == Check.TOUCHED ? change.touched() : TableDigest.EMPTY;
          change.delete();
          change.upsert();
          TableDigest found =
              check == Check.WHOLE
                  ? table.digest(session, deadline)
                  : mark.target().minus(before).plus(change.touched());
          if (!found.equals(mark.base())) {
            throw content(place, "it would hold " + found + " and not " + mark.base());
          }
          undo(place).drop();
          return found;
        });
  }

  /** What was applied last with that undo table, if it is there. */
  public Optional<DeltaMark> mark(DeltaPlace place) throws PgException {
    return undo(place).mark();
  }

  /** Gives up the way back: drops the undo table, if it is there and ours. */
  public void forget(DeltaPlace place) throws PgException {
    if (mark(place).isPresent()) {
      undo(place).drop();
    }
  }

  private Undo undo(DeltaPlace place) {
    return new Undo(session, deadline, place);
  }

  /**
   * What a table holds; reads it whole.
   *
   * @throws DeltaException if it is not there, or deltas cannot hold its rows
   */
  public TableDigest digest(String schema, String table) throws DeltaException, PgException {
    session.run("BEGIN READ ONLY", deadline.left());
    try {
      Anatomy.prepare(session, deadline);
      return Anatomy.read(session, schema, table, deadline).digest(session, deadline);
    } finally {
      rollback();
    }
  }

  private <T> T transaction(DeltaPlace place, Work<T> work) throws DeltaException, PgException {
    boolean done = false;
    session.run("BEGIN", deadline.left());
    try {
      Anatomy.prepare(session, deadline);
      session.run("SET LOCAL lock_timeout = " + Math.max(1, lockWait.toMillis()), deadline.left());
      session.run(
          "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
          deadline.left(),
          "cotidal delta " + place.tableName());
      session.run("LOCK TABLE " + place.tableName() + " IN ROW EXCLUSIVE MODE", deadline.left());
      T result = work.run();
      session.run("COMMIT", deadline.left());
      done = true;
      return result;
    } catch (PgException e) {
      throw sorted(place, e);
    } catch (IOException e) {
      throw DeltaReader.refused(e);
    } finally {
      if (!done) {
        rollback();
      }
    }
  }

  private void rollback() throws PgException {
    if (!session.broken()) {
      session.run("ROLLBACK", deadline.left());
    }
  }

  /** What the server says of the rows is the delta's fault; all else is the server's. */
  private static PgException sorted(DeltaPlace place, PgException e) throws DeltaException {
    if (e.trouble() instanceof Trouble.Rejected rejected) {
      if (rejected.state().equals("42P01")) {
        throw new DeltaException(
            Why.SCHEMA, "there is no table " + place.tableName() + "; load it in full");
      }
      if (List.of("22", "23").contains(rejected.state().substring(0, 2))
          || rejected.state().equals("428C9")) {
        throw content(place, "the server refuses rows of the delta: " + rejected.reason());
      }
    }
    return e;
  }

  private static DeltaException content(DeltaPlace place, String what) {
    return new DeltaException(
        Why.CONTENT,
        "the delta does not fit "
            + place.tableName()
            + ": "
            + what
            + "; nothing changed, load the table in full");
  }

  private boolean done(DeltaPlace place, DeltaMark mark) throws DeltaException, PgException {
    Optional<DeltaMark> there = mark(place);
    if (there.isPresent() && !there.get().equals(mark)) {
      throw new DeltaException(
          Why.UNFIT,
          "table "
              + place.undoName()
              + " keeps what another change took away; drop it or name another");
    }
    return there.isPresent();
  }

  private Anatomy fitting(DeltaPlace place, Shape wanted) throws DeltaException, PgException {
    Anatomy table = Anatomy.read(session, place.schema(), place.table(), deadline);
    if (!table.columns().equals(wanted.columns()) || !table.apart(wanted.key())) {
      throw new DeltaException(
          Why.SCHEMA,
          "table "
              + place.tableName()
              + " has other columns or keys than the delta; load it in full");
    }
    return table;
  }

  private static Shape shape(DeltaPlace place, Shape wanted) {
    return new Shape(place.schema(), place.table(), wanted.columns(), wanted.key());
  }

  private void temporary(Shape shape) throws PgException {
    session.run(
        "CREATE TEMPORARY TABLE cotidal_gone ON COMMIT DROP AS SELECT "
            + shape.keyNames("")
            + " FROM "
            + shape.name()
            + " WITH NO DATA",
        deadline.left());
    session.run(
        "CREATE TEMPORARY TABLE cotidal_rows ON COMMIT DROP AS SELECT "
            + shape.names("")
            + " FROM "
            + shape.name()
            + " WITH NO DATA",
        deadline.left());
  }

  private void analyze(Shape shape) throws PgException {
    for (String table : List.of("cotidal_gone", "cotidal_rows")) {
      session.run("ANALYZE pg_temp." + table + " (" + shape.keyNames("") + ")", deadline.left());
    }
  }

  private void load(Shape shape, DeltaReader delta)
      throws DeltaException, PgException, IOException {
    temporary(shape);
    try (InputStream keys = delta.deleted()) {
      session.copyIn(
          "COPY pg_temp.cotidal_gone FROM STDIN WITH (FORMAT binary)", keys, deadline.left());
    }
    try (InputStream rows = delta.upserted()) {
      session.copyIn(
          "COPY pg_temp.cotidal_rows FROM STDIN WITH (FORMAT binary)", rows, deadline.left());
    }
    analyze(shape);
  }
}
