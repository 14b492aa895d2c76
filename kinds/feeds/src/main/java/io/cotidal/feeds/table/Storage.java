package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;

/**
 * Storage options: {@code fillfactor='70', toast.autovacuum_enabled='false'}, of a dump or a table.
 */
final class Storage {
  private Storage() {}

  /** Said anew, with commas. */
  static String of(List<Token> tokens) throws BadDump {
    Cursor cursor = new Cursor(tokens);
    List<String> options = new ArrayList<>();
    do {
      StringBuilder option = new StringBuilder(Quote.identifier(cursor.name()));
      if (cursor.skipSign(".")) {
        option.append(".").append(Quote.identifier(cursor.name()));
      }
      cursor.expectSign("=");
      Token value = cursor.peek();
      if (value.sign("-") || value.kind() == Token.Kind.NUMBER) {
        option.append("=").append(cursor.skipSign("-") ? "-" : "").append(value(cursor));
      } else {
        option.append("=").append(value(cursor));
      }
      options.add(option.toString());
    } while (cursor.skipSign(","));
    cursor.end();
    return String.join(", ", options);
  }

  /** Those of a table and of what it stores apart: {@code WITH (…)}, or nothing. */
  static String of(Session session, String table) throws TableException, InterruptedException {
    List<String> all =
        session.rows(
            """
            SELECT o.prefix || quote_ident(o.option_name) || '=' || quote_literal(o.option_value)
            FROM (SELECT '' AS prefix, x.* FROM pg_class c, pg_options_to_table(c.reloptions) x
                WHERE c.oid = ?::regclass
              UNION ALL SELECT 'toast.', x.* FROM pg_class c
                JOIN pg_class t ON t.oid = c.reltoastrelid, pg_options_to_table(t.reloptions) x
                WHERE c.oid = ?::regclass) o
            """,
            row -> row.getString(1),
            table,
            table);
    return all.isEmpty() ? "" : " WITH (" + String.join(", ", all) + ")";
  }

  /** Gives the columns of {@code fresh} the settings that a copy of {@code old} lacks. */
  static void columns(Session session, String old, String fresh)
      throws TableException, InterruptedException {
    List<String> all =
        session.rows(
            """
            SELECT quote_ident(a.attname) || ' SET STATISTICS ' || a.attstattarget
            FROM pg_attribute a WHERE a.attrelid = ?::regclass AND a.attnum > 0
              AND NOT a.attisdropped AND a.attstattarget >= 0
            UNION ALL
            SELECT quote_ident(a.attname) || ' SET (' || x.option_name || '='
              || quote_literal(x.option_value) || ')'
            FROM pg_attribute a, pg_options_to_table(a.attoptions) x
            WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped
              AND x.option_name IN ('n_distinct', 'n_distinct_inherited')
            """,
            row -> row.getString(1),
            old,
            old);
    for (String each : all) {
      session.run(View.escaped("ALTER TABLE " + fresh + " ALTER COLUMN " + each));
    }
  }

  private static String value(Cursor cursor) throws BadDump {
    Token value = cursor.take();
    return switch (value.kind()) {
      case NUMBER -> value.sql();
      case WORD, TEXT -> Quote.literal(value.text());
      case NAME, SIGN -> throw cursor.unexpected();
    };
  }
}
