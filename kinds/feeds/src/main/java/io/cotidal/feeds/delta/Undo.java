package io.cotidal.feeds.delta;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.Optional;

/** The table that keeps what a change took away. */
record Undo(PgSession session, Deadline deadline, DeltaPlace place) {
  private static final String WAS_THERE = "cotidal was there";

  /** What it says of itself, if it is there and ours. */
  Optional<DeltaMark> mark() throws PgException {
    List<String> comments =
        session.all(
            """
            SELECT coalesce(obj_description(c.oid, 'pg_class'), '')
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ?
            """,
            deadline.left(),
            row -> row.getString(1),
            place.schema(),
            place.undo());
    return comments.stream().findFirst().flatMap(DeltaMark::read);
  }

  /**
   * Fills the temporary tables with the way back. A key that is equal but not the same, as 1.0 and
   * 1.00 are, goes before the old one comes.
   */
  void bringBack(Anatomy table, Shape shape) throws PgException {
    String flag = "u." + Quote.identifier(WAS_THERE);
    session.run(
        """
        INSERT INTO pg_temp.cotidal_gone
        SELECT %s FROM %s u WHERE NOT %s OR EXISTS (SELECT 1 FROM %s t WHERE %s AND %s <> %s)
        """
            .formatted(
                shape.keyNames("u."),
                place.undoName(),
                flag,
                shape.name(),
                shape.sameKey("t.", "u."),
                table.key(shape.key(), "t."),
                table.key(shape.key(), "u.")),
        deadline.left());
    session.run(
        "INSERT INTO pg_temp.cotidal_rows SELECT %s FROM %s u WHERE %s"
            .formatted(shape.names("u."), place.undoName(), flag),
        deadline.left());
  }

  void drop() throws PgException {
    session.run("DROP TABLE " + place.undoName(), deadline.left());
  }

  /**
   * Keeps what is about to go, and of what is new the columns that it can be known by.
   *
   * @return how many rows will be new
   */
  long keep(Anatomy table, Shape shape) throws PgException {
    String undo = place.undoName();
    String flag = Quote.identifier(WAS_THERE);
    String same = shape.sameKey("t.", "d.");
    session.run(
        "CREATE TABLE %s AS SELECT true AS %s, %s FROM %s WITH NO DATA"
            .formatted(undo, flag, shape.names(""), shape.name()),
        deadline.left());
    session.run(
        """
        INSERT INTO %1$s
        SELECT true, %2$s FROM %3$s t JOIN pg_temp.cotidal_rows d ON %4$s
        UNION ALL
        SELECT true, %2$s FROM %3$s t JOIN pg_temp.cotidal_gone d ON %4$s
         WHERE NOT EXISTS (SELECT 1 FROM pg_temp.cotidal_rows r WHERE %5$s)
        """
            .formatted(undo, shape.names("t."), shape.name(), same, shape.sameKey("t.", "r.")),
        deadline.left());
    List<String> keys = table.keyColumns().stream().map(Quote::identifier).toList();
    return session.one(
        """
        WITH fresh AS (INSERT INTO %s (%s, %s)
          SELECT false, d.%s FROM pg_temp.cotidal_rows d
           WHERE NOT EXISTS (SELECT 1 FROM %s t WHERE %s)
          RETURNING 1)
        SELECT count(*) FROM fresh
        """
            .formatted(
                undo, flag, String.join(", ", keys), String.join(", d.", keys), shape.name(), same),
        deadline.left(),
        row -> row.getLong(1));
  }

  /** Says in the table whose it is: whoever sees it, sees the change. */
  void comment(DeltaMark mark) throws PgException {
    session.run(
        "COMMENT ON TABLE " + place.undoName() + " IS " + Quote.literal(mark.comment()),
        deadline.left());
  }
}
