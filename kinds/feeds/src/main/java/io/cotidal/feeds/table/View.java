package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.List;
import java.util.Optional;

/**
 * What stands under a published name.
 *
 * @param oid 0 if nothing
 * @param kind PostgreSQL's letter for it; {@code v} is a view
 * @param options storage options, as {@code name=value}
 * @param columns in their order
 * @param relations that it reads, as schema and name
 */
record View(
    long oid, String kind, List<String> options, List<Column> columns, List<Relation> relations) {
  /** Copies the lists. */
  View {
    options = List.copyOf(options);
    columns = List.copyOf(columns);
    relations = List.copyOf(relations);
  }

  /**
   * A column.
   *
   * @param type all that must not differ: type, modifier, collation
   */
  record Column(String name, String type) {}

  /** What a view reads. */
  record Relation(String schema, String name) {}

  static View of(Session session, Target target) throws TableException, InterruptedException {
    record Found(long oid, String kind, List<String> options) {}
    Optional<Found> found =
        session.find(
            """
            SELECT c.oid, c.relkind, coalesce(c.reloptions, '{}') FROM pg_class c
            WHERE c.oid = to_regclass(?)
            """,
            row ->
                new Found(
                    row.getLong(1),
                    row.getString(2),
                    List.of((String[]) row.getArray(3).getArray())),
            target.view());
    if (found.isEmpty()) {
      return new View(0, "", List.of(), List.of(), List.of());
    }
    List<Relation> relations =
        session.rows(
            """
            SELECT DISTINCT n.nspname, c.relname FROM pg_rewrite r
              JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                AND d.refclassid = 'pg_class'::regclass
              JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE r.ev_class = ?::oid AND r.rulename = '_RETURN' AND c.oid <> r.ev_class
            """,
            row -> new Relation(row.getString(1), row.getString(2)),
            found.get().oid());
    return new View(
        found.get().oid(),
        found.get().kind(),
        found.get().options(),
        columns(session, target.view()),
        relations);
  }

  /** The columns of a table or view, by its quoted name. */
  static List<Column> columns(Session session, String relation)
      throws TableException, InterruptedException {
    return session.rows(
        """
        SELECT attname, concat_ws('/', atttypid, atttypmod, attcollation) FROM pg_attribute
        WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
        """,
        row -> new Column(row.getString(1), row.getString(2)),
        relation);
  }

  boolean there() {
    return oid != 0;
  }

  boolean isView() {
    return kind.equals("v");
  }

  /** Whether it reads that table and nothing else. */
  boolean reads(String schema, String name) {
    return isView() && relations.equals(List.of(new Relation(schema, name)));
  }

  /** Whether it can be made to have these columns while it stays what it is. */
  boolean grows(List<Column> wanted) {
    return wanted.size() >= columns.size() && wanted.subList(0, columns.size()).equals(columns);
  }

  /** The options as SQL: {@code WITH ("security_barrier"='true')}, or nothing. */
  static String with(List<String> options) {
    if (options.isEmpty()) {
      return "";
    }
    List<String> each =
        options.stream()
            .map(option -> {
              int sign = option.indexOf('=');
              return sign < 0
                  ? Quote.identifier(option)
                  : Quote.identifier(option.substring(0, sign))
                      + "="
                      + Quote.literal(option.substring(sign + 1));
            })
            .toList();
    return " WITH (" + String.join(", ", each) + ")";
  }

  /** SQL of the server's, with its question marks outside quotes doubled for the driver. */
  static String escaped(String sql) {
    StringBuilder escaped = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < sql.length(); i++) {
      char each = sql.charAt(i);
      if (quote == 0 && (each == '\'' || each == '"')) {
        quote = each;
      } else if (each == quote) {
        quote = 0;
      }
      escaped.append(each == '?' && quote == 0 ? "??" : String.valueOf(each));
    }
    return escaped.toString();
  }
}
