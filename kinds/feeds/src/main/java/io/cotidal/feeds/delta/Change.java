package io.cotidal.feeds.delta;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.remote.Deadline;
import java.util.stream.Collectors;

/** The two temporary tables, keys that go and rows that come, brought into the real one. */
record Change(PgSession session, Deadline deadline, Shape shape) {

  /** Takes rows away. */
  void delete() throws PgException {
    session.run(
        "DELETE FROM %s t USING pg_temp.cotidal_gone d WHERE %s"
            .formatted(shape.name(), shape.sameKey("t.", "d.")),
        deadline.left());
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
