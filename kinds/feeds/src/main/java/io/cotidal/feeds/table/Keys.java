package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what follows {@code ADD CONSTRAINT}. */
record Keys(Scope scope, Expression expression) {
  Clause read(Cursor cursor) throws BadDump {
    String name = cursor.name();
    if (cursor.skip("primary", "key")) {
      return key(cursor, name, "PRIMARY KEY");
    }
    if (cursor.skip("unique")) {
      return key(cursor, name, "UNIQUE");
    }
    if (cursor.skip("check")) {
      return check(cursor, name);
    }
    if (cursor.skip("exclude", "using")) {
      return exclusion(cursor, name);
    }
    cursor.expect("foreign", "key");
    List<String> columns = cursor.names();
    cursor.expect("references");
    Cursor.Qualified to = scope.whole(cursor.qualified());
    List<String> others = cursor.names();
    String rules = rules(cursor);
    return new Clause.Foreign(
        new ForeignKey(
            name, list(columns), to.schema().orElse(""), to.name(), list(others), rules));
  }

  private Clause key(Cursor cursor, String name, String sort) throws BadDump {
    String generated = Quote.identifier(Names.of(name, scope.generation()));
    String nulls = nulls(cursor);
    String columns = list(cursor.names());
    StringBuilder index = new StringBuilder("CREATE UNIQUE INDEX ");
    index
        .append(generated)
        .append(" ON ")
        .append(scope.table())
        .append(" (")
        .append(columns)
        .append(")");
    index.append(included(cursor)).append(nulls);
    if (cursor.skip("with")) {
      index.append(" WITH (").append(Storage.of(cursor.brackets())).append(")");
    }
    String later = later(cursor);
    cursor.end();
    return new Clause.Key(
        index.toString(),
        "ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s%s"
            .formatted(scope.table(), generated, sort, generated, later));
  }

  private Clause check(Cursor cursor, String name) throws BadDump {
    List<Token> inside = cursor.brackets();
    Set<Clause.Call> calls = expression.calls(inside);
    String inherit = cursor.skip("no", "inherit") ? " NO INHERIT" : "";
    String valid = cursor.skip("not", "valid") ? " NOT VALID" : "";
    cursor.end();
    return new Clause.Late(
        "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s)%s%s"
            .formatted(scope.table(), Quote.identifier(name), Token.sql(inside), inherit, valid),
        calls);
  }

  private Clause exclusion(Cursor cursor, String name) throws BadDump {
    String method = Quote.identifier(cursor.name());
    List<Token> over = cursor.brackets();
    Set<Clause.Call> calls = new HashSet<>(expression.calls(over));
    String where = "";
    if (cursor.skip("where")) {
      List<Token> inside = cursor.brackets();
      calls.addAll(expression.calls(inside));
      where = " WHERE (" + Token.sql(inside) + ")";
    }
    String later = later(cursor);
    cursor.end();
    return new Clause.Late(
        "ALTER TABLE %s ADD CONSTRAINT %s EXCLUDE USING %s (%s)%s%s"
            .formatted(
                scope.table(),
                Quote.identifier(Names.of(name, scope.generation())),
                method,
                Token.sql(over),
                where,
                later),
        calls);
  }

  private static String rules(Cursor cursor) throws BadDump {
    StringBuilder rules = new StringBuilder();
    if (cursor.skip("match", "full")) {
      rules.append(" MATCH FULL");
    }
    if (cursor.skip("on", "update")) {
      rules.append(" ON UPDATE ").append(action(cursor));
    }
    if (cursor.skip("on", "delete")) {
      rules.append(" ON DELETE ").append(action(cursor));
    }
    rules.append(later(cursor));
    cursor.skip("not", "valid");
    cursor.end();
    return rules.toString();
  }

  private static String action(Cursor cursor) throws BadDump {
    if (cursor.skip("set")) {
      return "SET " + oneOf(cursor, "null", "default");
    }
    if (cursor.skip("no", "action")) {
      return "NO ACTION";
    }
    return oneOf(cursor, "cascade", "restrict");
  }

  private static String later(Cursor cursor) {
    if (!cursor.skip("deferrable")) {
      return "";
    }
    return " DEFERRABLE" + (cursor.skip("initially", "deferred") ? " INITIALLY DEFERRED" : "");
  }

  /** {@code INCLUDE (columns)}, or nothing. */
  static String included(Cursor cursor) throws BadDump {
    return cursor.skip("include") ? " INCLUDE (" + list(cursor.names()) + ")" : "";
  }

  /** {@code NULLS NOT DISTINCT}, or nothing. */
  static String nulls(Cursor cursor) {
    return cursor.skip("nulls", "not", "distinct") ? " NULLS NOT DISTINCT" : "";
  }

  /** The next word, which must be one of these. */
  static String oneOf(Cursor cursor, String... words) throws BadDump {
    for (String word : words) {
      if (cursor.skip(word)) {
        return word.toUpperCase(java.util.Locale.ROOT);
      }
    }
    throw cursor.unexpected();
  }

  private static String list(List<String> names) {
    return String.join(", ", names.stream().map(Quote::identifier).toList());
  }
}
