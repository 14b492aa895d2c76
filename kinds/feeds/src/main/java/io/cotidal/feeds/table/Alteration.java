package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.List;

/** Reads what follows {@code ALTER TABLE}. */
record Alteration(Scope scope, Expression expression) {
  Clause read(Cursor cursor) throws BadDump {
    cursor.skip("only");
    scope.own(cursor);
    if (cursor.skip("add", "constraint")) {
      return new Keys(scope, expression).read(cursor);
    }
    if (cursor.skip("cluster", "on") || cursor.skip("replica", "identity")) {
      return new Clause.Nothing();
    }
    cursor.expect("alter", "column");
    String column =
        "ALTER TABLE " + scope.table() + " ALTER COLUMN " + Quote.identifier(cursor.name());
    if (cursor.skip("add", "generated")) {
      return identity(cursor, column);
    }
    cursor.expect("set");
    return set(cursor, column + " SET ");
  }

  private Clause set(Cursor cursor, String column) throws BadDump {
    if (cursor.skip("default")) {
      TableBody body = new TableBody(expression, scope);
      String value = body.value(cursor);
      cursor.end();
      return new Clause.Now(column + "DEFAULT " + value, body.calls());
    }
    String what;
    if (cursor.skip("statistics")) {
      what = "STATISTICS " + cursor.number();
    } else if (cursor.skip("storage")) {
      what = "STORAGE " + Keys.oneOf(cursor, "plain", "external", "extended", "main");
    } else if (cursor.skip("compression")) {
      what = "COMPRESSION " + Keys.oneOf(cursor, "pglz", "lz4");
    } else {
      List<Token> inside = cursor.brackets();
      what = "(" + Storage.of(inside) + ")";
    }
    cursor.end();
    return Grammar.now(column + what);
  }

  private Clause identity(Cursor cursor, String column) throws BadDump {
    String how = cursor.skip("always") ? "ALWAYS" : "BY DEFAULT";
    if (how.equals("BY DEFAULT")) {
      cursor.expect("by", "default");
    }
    cursor.expect("as", "identity");
    Cursor inside = new Cursor(cursor.brackets());
    cursor.end();
    inside.expect("sequence", "name");
    String sequence = scope.made(inside.qualified());
    return Grammar.now(
        "%s ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s%s)"
            .formatted(column, how, sequence, Sequences.options(inside)));
  }
}
