package io.cotidal.store;

import io.cotidal.engine.SpecStore;
import io.cotidal.model.ResourceId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Configurations of record as rows, in the caller's transaction. */
final class SpecRows {
  private static final String SPEC =
      """
      SELECT resource, generation, digest, spec_keys, released, origin, actor, micros FROM spec
      """;

  private SpecRows() {}

  static Optional<SpecStore.Spec> find(Connection connection, ResourceId resource)
      throws SQLException {
    return Sql.first(connection, SPEC + " WHERE resource = ?", SpecRows::spec, resource.toString());
  }

  static List<SpecStore.Spec> list(Connection connection) throws SQLException {
    // Sorted here: databases do not agree on the order of texts.
    return Sql.query(connection, SPEC, SpecRows::spec).stream()
        .sorted(Comparator.comparing(SpecStore.Spec::resource))
        .toList();
  }

  static boolean put(Connection connection, SpecStore.Spec next) throws SQLException {
    int written =
        next.generation() == 1
            ? Sql.update(
                connection,
                """
                INSERT INTO spec (
                  digest, spec_keys, released, origin, actor, micros, resource, generation)
                VALUES (?, ?, ?, ?, ?, ?, ?, 1)
                ON CONFLICT DO NOTHING
                """,
                next.digest(),
                next.keys(),
                next.released() ? 1 : 0,
                next.origin(),
                next.actor(),
                next.micros(),
                next.resource().toString())
            : Sql.update(
                connection,
                """
                UPDATE spec SET digest = ?, spec_keys = ?, released = ?, origin = ?, actor = ?,
                  micros = ?, generation = generation + 1
                WHERE resource = ? AND generation = ?
                """,
                next.digest(),
                next.keys(),
                next.released() ? 1 : 0,
                next.origin(),
                next.actor(),
                next.micros(),
                next.resource().toString(),
                next.generation() - 1);
    return written == 1;
  }

  private static SpecStore.Spec spec(ResultSet row) throws SQLException {
    return new SpecStore.Spec(
        ResourceId.parse(row.getString("resource")),
        row.getLong("generation"),
        row.getString("digest"),
        row.getString("spec_keys"),
        row.getInt("released") == 1,
        row.getString("origin"),
        row.getString("actor"),
        row.getLong("micros"));
  }
}
