package io.cotidal.copies.database;

import io.cotidal.copies.database.Administration.TableDigest;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each table of a PostgreSQL database holds, condensed. */
final class PostgresDigests {
  /**
   * Columns, indexes and constraints of one table. Names of objects, not their numbers, so that
   * clones compare.
   */
  private static final String DEFINITION =
      """
      SELECT md5(concat_ws(E'\\n',
        (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull,
            pg_get_expr(d.adbin, d.adrelid)), ',' ORDER BY attnum)
          FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = attnum
          WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
        (SELECT string_agg(pg_get_indexdef(indexrelid), ',' ORDER BY pg_get_indexdef(indexrelid))
          FROM pg_index WHERE indrelid = c.oid),
        (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ',' ORDER BY conname)
          FROM pg_constraint WHERE conrelid = c.oid)))
      FROM pg_class c WHERE c.oid = to_regclass(?)\
      """;

  private static final String TABLES =
      """
      SELECT n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
        AND n.nspname <> 'information_schema'\
      """;

  private PostgresDigests() {}

  /** Of the database that the session is in. */
  static SortedMap<String, TableDigest> of(PgSession inside, Deadline end) throws PgException {
    // A server's settings must not change how values are written.
    inside.run("SET search_path = pg_catalog", end.left());
    List<String[]> tables =
        inside.all(TABLES, end.left(), row -> new String[] {row.getString(1), row.getString(2)});
    SortedMap<String, TableDigest> digests = new TreeMap<>();
    for (String[] table : tables) {
      digests.put(table[0], digest(inside, table[1], end));
    }
    return digests;
  }

  private static TableDigest digest(PgSession session, String table, Deadline end)
      throws PgException {
    String definition = session.one(DEFINITION, end.left(), row -> row.getString(1), table);
    return session.one(
        """
        SELECT count(*), coalesce(sum(hashtextextended(r::text, 0)), 0)::text || ':'
          || coalesce(sum(hashtextextended(r::text, 1)), 0)::text FROM ONLY %s AS r\
        """
            .formatted(table),
        end.left(),
        row -> new TableDigest(definition, row.getLong(1), row.getString(2)));
  }
}
