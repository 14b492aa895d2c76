package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the statements of one table's dump and says each anew for the table of a generation.
 * Nothing of the dump's text is ever run: what comes out is written from what was understood, and
 * what is not understood refuses the dump. One object reads one dump, in its order.
 */
final class Grammar {
  private final Scope scope;
  private final Expression expression;
  private final Set<String> given = new TreeSet<>();
  private boolean made;
  private boolean filled;

  /**
   * Of one dump.
   *
   * @param postgis the schema that PostGIS is in
   */
  Grammar(Scope scope, String postgis) {
    this.scope = scope;
    this.expression = new Expression(postgis);
  }

  /** Whether the table and its rows were there. */
  boolean complete() {
    return made && filled;
  }

  /** The table is there already; what follows is what stands upon it. */
  void there() {
    made = true;
    filled = true;
  }

  /** What the statement comes to. */
  Clause read(List<Token> statement) throws BadDump {
    Cursor cursor = new Cursor(statement);
    if (cursor.skip("set")) {
      return setting(cursor);
    }
    if (cursor.skip("select")) {
      return call(cursor);
    }
    if (cursor.skip("create", "sequence")) {
      return now("CREATE SEQUENCE " + scope.made(cursor.qualified()) + Sequences.options(cursor));
    }
    if (cursor.skip("alter", "sequence")) {
      return owned(cursor);
    }
    if (cursor.skip("create", "table") || cursor.skip("create", "unlogged", "table")) {
      return table(cursor);
    }
    if (!made) {
      throw cursor.unexpected();
    }
    if (cursor.skip("alter", "table")) {
      return new Alteration(scope, expression).read(cursor);
    }
    if (cursor.skip("copy")) {
      return copy(cursor);
    }
    if (cursor.skip("create", "unique", "index")) {
      return index(cursor, "CREATE UNIQUE INDEX ");
    }
    if (cursor.skip("create", "index")) {
      return index(cursor, "CREATE INDEX ");
    }
    if (cursor.skip("comment", "on")) {
      return comment(cursor);
    }
    throw cursor.unexpected();
  }

  static Clause.Now now(String sql) {
    return new Clause.Now(sql, Set.of());
  }

  /** {@code SET name = value}: of the session that we do not use; three of them we must know. */
  private Clause setting(Cursor cursor) throws BadDump {
    String name = cursor.name();
    cursor.expectSign("=");
    Token value = cursor.take();
    if (name.equals("standard_conforming_strings") && !value.text().equals("on")) {
      throw new BadDump(
          "it was made with standard_conforming_strings off; set it on and dump again");
    }
    if (name.equals("client_encoding") && !value.text().equals("UTF8")) {
      String clean = value.text().replaceAll("[^A-Za-z0-9_]", "?");
      throw new BadDump("it is in " + clean + "; dump it with -E UTF8");
    }
    if (name.equals("search_path")) {
      scope.path(Optional.of(value.text()));
    }
    return new Clause.Nothing();
  }

  /** {@code pg_catalog.set_config('search_path', '', false)} or {@code setval}. */
  private Clause call(Cursor cursor) throws BadDump {
    cursor.expect("pg_catalog");
    cursor.expectSign(".");
    if (cursor.skip("set_config")) {
      cursor.expectSign("(");
      if (!cursor.text().equals("search_path")) {
        throw cursor.unexpected();
      }
      cursor.expectSign(",");
      String value = cursor.text();
      cursor.expectSign(",");
      cursor.name();
      cursor.expectSign(")");
      cursor.end();
      scope.path(value.isEmpty() ? Optional.empty() : Optional.of(value));
      return new Clause.Nothing();
    }
    cursor.expect("setval");
    cursor.expectSign("(");
    String sequence = scope.declared(cursor.text());
    cursor.expectSign(",");
    String value = cursor.number();
    cursor.expectSign(",");
    String called = Keys.oneOf(cursor, "true", "false");
    cursor.expectSign(")");
    cursor.end();
    return now(
        "SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %s)"
            .formatted(sequence, value, called));
  }

  /** {@code ALTER SEQUENCE s OWNED BY t.c}. */
  private Clause owned(Cursor cursor) throws BadDump {
    String sequence = scope.declared(cursor.qualified());
    cursor.expect("owned", "by");
    String column = scope.column(cursor);
    cursor.end();
    return now("ALTER SEQUENCE " + sequence + " OWNED BY " + column);
  }

  private Clause table(Cursor cursor) throws BadDump {
    scope.own(cursor);
    if (made) {
      throw new BadDump("it makes its table twice");
    }
    made = true;
    TableBody body = new TableBody(expression, scope);
    String inside = body.read(new Cursor(cursor.brackets()));
    String storage = cursor.skip("with") ? " WITH (" + Storage.of(cursor.brackets()) + ")" : "";
    cursor.end();
    given.addAll(body.given());
    return new Clause.Now(
        "CREATE TABLE " + scope.table() + " (" + inside + ")" + storage, body.calls());
  }

  private Clause copy(Cursor cursor) throws BadDump {
    scope.own(cursor);
    if (filled) {
      throw new BadDump("it holds the table's rows twice");
    }
    filled = true;
    List<String> columns = cursor.peek().sign("(") ? cursor.names() : List.of();
    cursor.expect("from", "stdin");
    cursor.end();
    // A column that is left out would get its default, so an expression of the dump's would run.
    if (columns.size() != given.size() || !new TreeSet<>(columns).equals(given)) {
      throw new BadDump("its rows do not hold all columns of its table");
    }
    List<String> quoted = columns.stream().map(Quote::identifier).toList();
    String list = quoted.isEmpty() ? "" : " (" + String.join(", ", quoted) + ")";
    return new Clause.Rows("COPY " + scope.table() + list, columns);
  }

  private Clause comment(Cursor cursor) throws BadDump {
    String about;
    if (cursor.skip("table")) {
      scope.own(cursor);
      about = "TABLE " + scope.table();
    } else if (cursor.skip("column")) {
      about = "COLUMN " + scope.column(cursor);
    } else if (cursor.skip("index") || cursor.skip("sequence") || cursor.skip("constraint")) {
      return new Clause.Nothing();
    } else {
      throw cursor.unexpected();
    }
    cursor.expect("is");
    String text = cursor.text();
    cursor.end();
    return now("COMMENT ON " + about + " IS " + Quote.literal(text));
  }

  private Clause index(Cursor cursor, String create) throws BadDump {
    String name = Names.of(cursor.name(), scope.generation());
    cursor.expect("on");
    cursor.skip("only");
    scope.own(cursor);
    cursor.expect("using");
    String method = Quote.identifier(cursor.name());
    List<Token> over = cursor.brackets();
    Set<Clause.Call> calls = new HashSet<>(expression.calls(over));
    StringBuilder sql = new StringBuilder(create);
    sql.append(Quote.identifier(name)).append(" ON ").append(scope.table());
    sql.append(" USING ").append(method).append(" (").append(Token.sql(over)).append(")");
    sql.append(Keys.included(cursor)).append(Keys.nulls(cursor));
    if (cursor.skip("with")) {
      sql.append(" WITH (").append(Storage.of(cursor.brackets())).append(")");
    }
    if (cursor.skip("where")) {
      List<Token> where = cursor.brackets();
      calls.addAll(expression.calls(where));
      sql.append(" WHERE (").append(Token.sql(where)).append(")");
    }
    cursor.end();
    return new Clause.Index(sql.toString(), calls);
  }
}
