package io.cotidal.feeds.delta;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.util.stream.Collectors;

/** The two temporary tables, keys that go and rows that come, brought into the real one. */
record Change(PgSession session, Deadline deadline, Anatomy anatomy, Shape shape) {

  /** Digest of the rows of the table that the change is about, as they are now. */
  TableDigest touched() throws PgException {
    String both =
        " WHERE NOT EXISTS (SELECT 1 FROM pg_temp.cotidal_rows r WHERE %s)"
            .formatted(shape.sameKey("d.", "r."));
    return touched("cotidal_rows", "").plus(touched("cotidal_gone", both));
  }

  private TableDigest touched(String keys, String condition) throws PgException {
    return anatomy.digest(
        session,
        "%s t JOIN pg_temp.%s d ON %s%s"
            .formatted(shape.name(), keys, shape.sameKey("t.", "d."), condition),
        deadline);
  }

  /** Takes rows away; says how many. */
  long delete() throws PgException {
    return session.one(
        "WITH gone AS (DELETE FROM %s t USING pg_temp.cotidal_gone d WHERE %s RETURNING 1) SELECT count(*) FROM gone"
            .formatted(shape.name(), shape.sameKey("t.", "d.")),
        deadline.left(),
        row -> row.getLong(1));
  }

  /** Puts rows in, or in the place of those with their keys. */
  void upsert() throws PgException {
    String others =
        shape.columns().stream()
            .map(Shape.Column::name)
            .filter(name -> !shape.key().contains(name))
            .map(name -> Quote.identifier(name) + " = excluded." + Quote.identifier(name))
            .collect(Collectors.joining(", "));
    session.run(
        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM pg_temp.cotidal_rows ON CONFLICT (%s) DO %s"
            .formatted(
                shape.name(),
                shape.names(""),
                shape.names(""),
                shape.keyNames(""),
                others.isEmpty() ? "NOTHING" : "UPDATE SET " + others),
        deadline.left());
  }
}
