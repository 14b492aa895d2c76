package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.feeds.delta.KeyState.Entry;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Packs what changed in a table at the source since the last time. The table is read once, in one
 * snapshot, without a lock that anybody feels; memory holds some thousand keys and a hundred rows.
 */
public final class Packing {
  private static final int KEYS = 2000;
  private static final int ROWS = 100;

  private final PgSession session;
  private final Path folder;
  private final Deadline deadline;
  private final boolean evenIfSame;

  private record Row(String place, Entry entry) {}

  /**
   * For some tables of one database.
   *
   * @param session with no transaction under way
   * @param folder where the last states lie, one file a table; made if it is not there
   */
  public Packing(PgSession session, Path folder, Deadline deadline) {
    this(session, folder, deadline, false);
  }

  private Packing(PgSession session, Path folder, Deadline deadline, boolean evenIfSame) {
    this.session = session;
    this.folder = folder;
    this.deadline = deadline;
    this.evenIfSame = evenIfSame;
  }

  /** One that writes a delta of no rows if nothing changed: two dumps are never the same bytes. */
  public Packing evenIfSame() {
    return new Packing(session, folder, deadline, true);
  }

  /**
   * Compares the table with its last state, writes the difference to {@code delta}, and keeps the
   * new state. After a kill the state is the old one or the new one, and the delta is there if it
   * is the new one.
   *
   * @param delta the file to make; untouched unless something changed
   * @throws DeltaException if the table does not fit, or a file cannot be written
   * @throws PgException if the server did not do its part
   */
  public Packed pack(String schema, String table, Path delta) throws DeltaException, PgException {
    return pack(schema, table, delta, "");
  }

  /**
   * The same, in the snapshot that another session exported: that of the full dump beside it.
   *
   * @param snapshot what {@code pg_export_snapshot()} gave; empty for a snapshot of its own
   */
  public Packed pack(String schema, String table, Path delta, String snapshot)
      throws DeltaException, PgException {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", deadline.left());
      try {
        if (!snapshot.isEmpty()) {
          session.run("SET TRANSACTION SNAPSHOT " + Quote.literal(snapshot), deadline.left());
        }
        Anatomy.prepare(session, deadline);
        session.run("SET LOCAL cursor_tuple_fraction = 1", deadline.left());
        Anatomy anatomy = Anatomy.read(session, schema, table, deadline);
        return pack(anatomy, delta);
      } finally {
        end();
      }
    } catch (IOException e) {
      throw new DeltaException(
          Why.FILE, "table " + schema + "." + table + " cannot be packed: " + e + "; see the disk");
    }
  }

  private void end() throws PgException {
    if (!session.broken()) {
      session.run("ROLLBACK", deadline.left());
    }
  }

  private Packed pack(Anatomy anatomy, Path delta) throws IOException, DeltaException, PgException {
    Shape shape = anatomy.shape();
    Path place = folder.resolve(KeyState.name(shape.schema(), shape.table()) + ".keys");
    Optional<KeyState> last = KeyState.open(place);
    try (KeyState.Writer next = new KeyState.Writer(place)) {
      if (last.isEmpty() || !last.get().shape().equals(shape)) {
        String reason = last.isEmpty() ? "no usable state of a last time" : "its columns changed";
        last.ifPresent(Packing::closeQuietly);
        Merge merge = new Merge(anatomy, shape, null, next, null);
        merge.all();
        next.keep(shape, merge.target);
        return new Packed.Fresh(merge.target, reason);
      }
      try (KeyState before = last.get();
          DeltaWriter writer = new DeltaWriter(delta)) {
        Merge merge = new Merge(anatomy, shape, before, next, writer);
        merge.all();
        if (writer.deleted() + writer.upserted() == 0 && !evenIfSame) {
          return new Packed.Unchanged(merge.target);
        }
        long bytes = writer.keep(shape, before.digest(), merge.target);
        next.keep(shape, merge.target);
        return new Packed.Changed(
            delta, before.digest(), merge.target, writer.deleted(), writer.upserted(), bytes);
      }
    }
  }

  private static void closeQuietly(KeyState state) {
    try {
      state.close();
    } catch (IOException e) {
      // It was read only: nothing is lost.
    }
  }

  /** The old keys and the new ones, side by side in one order. */
  private final class Merge {
    private final Anatomy anatomy;
    private final Shape shape;
    private final @Nullable KeyState before;
    private final KeyState.Writer next;
    private final @Nullable DeltaWriter writer;
    private final List<String> places = new ArrayList<>();
    private TableDigest target = TableDigest.EMPTY;
    private @Nullable Entry old;

    Merge(
        Anatomy anatomy,
        Shape shape,
        @Nullable KeyState before,
        KeyState.Writer next,
        @Nullable DeltaWriter writer) {
      this.anatomy = anatomy;
      this.shape = shape;
      this.before = before;
      this.next = next;
      this.writer = writer;
    }

    void all() throws IOException, DeltaException, PgException {
      advance();
      session.run(
          "DECLARE cotidal_rows NO SCROLL CURSOR FOR SELECT t.ctid::text, "
              + anatomy.key(shape.key(), "t.")
              + " AS k, "
              + anatomy.hash("t.")
              + " FROM "
              + shape.name()
              + " t ORDER BY k",
          deadline.left());
      List<Row> rows = fetch();
      while (!rows.isEmpty()) {
        for (Row row : rows) {
          take(row);
        }
        rows = fetch();
      }
      session.run("CLOSE cotidal_rows", deadline.left());
      while (old != null) {
        gone(old);
      }
      send();
    }

    private List<Row> fetch() throws PgException {
      return session.all(
          "FETCH " + KEYS + " FROM cotidal_rows",
          deadline.left(),
          row -> new Row(row.getString(1), new Entry(row.getBytes(2), row.getLong(3))));
    }

    private void take(Row row) throws IOException, DeltaException, PgException {
      while (old != null && old.compareKey(row.entry) < 0) {
        gone(old);
      }
      boolean there = old != null && old.compareKey(row.entry) == 0;
      if (writer != null && (old == null || !there || !old.sameHash(row.entry))) {
        places.add(row.place);
        if (places.size() == ROWS) {
          send();
        }
      }
      if (there) {
        advance();
      }
      next.add(row.entry);
      target = target.plus(row.entry.digest());
    }

    private void gone(Entry entry) throws IOException {
      if (writer != null) {
        writer.delete(entry.key());
      }
      advance();
    }

    private void advance() throws IOException {
      old = before == null ? null : before.next();
    }

    /** Fetches the rows that were found to be new: the snapshot still has them where they were. */
    private void send() throws IOException, DeltaException, PgException {
      if (writer == null || places.isEmpty()) {
        return;
      }
      List<byte[]> rows =
          session.all(
              "SELECT "
                  + anatomy.row("t.")
                  + " FROM "
                  + shape.name()
                  + " t WHERE t.ctid = ANY (CAST(? AS tid[]))",
              deadline.left(),
              row -> row.getBytes(1),
              "{\"" + String.join("\",\"", places) + "\"}");
      if (rows.size() != places.size()) {
        throw new DeltaException(
            Why.CONTENT, "rows of " + shape.name() + " went away within one snapshot; pack again");
      }
      for (byte[] row : rows) {
        writer.upsert(row);
      }
      places.clear();
    }
  }
}
