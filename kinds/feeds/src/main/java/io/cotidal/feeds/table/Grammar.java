package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
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
  private final Target target;
  private final String generation;
  private final String relation;
  private final Expression expression;
  private final Set<String> sequences = new HashSet<>();
  private final Set<String> given = new TreeSet<>();
  private boolean made;
  private boolean filled;
  private Optional<String> path = Optional.empty();

  /**
   * Of one dump.
   *
   * @param relation name of the generation's table
   * @param postgis the schema that PostGIS is in
   */
  Grammar(Target target, String generation, String relation, String postgis) {
    this.target = target;
    this.generation = generation;
    this.relation = relation;
    this.expression = new Expression(postgis);
  }

  /** Whether the table and its rows were there. */
  boolean complete() {
    return made && filled;
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
      return sequence(cursor);
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
      return alter(cursor);
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

  /** {@code SET name = value}: of the session that we do not use; two of them we must know. */
  private Clause setting(Cursor cursor) throws BadDump {
    String name = cursor.name();
    cursor.expectSign("=");
    Token value = cursor.take();
    if (name.equals("standard_conforming_strings") && !value.text().equals("on")) {
      throw new BadDump(
          "it was made with standard_conforming_strings off; set it on and dump again");
    }
    if (name.equals("client_encoding") && !value.text().equals("UTF8")) {
      throw new BadDump("it is in " + clean(value.text()) + "; dump it with -E UTF8");
    }
    if (name.equals("search_path")) {
      path = Optional.of(value.text());
    }
    return new Clause.Nothing();
  }

  private static String clean(String text) {
    return text.replaceAll("[^A-Za-z0-9_]", "?");
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
      path = value.isEmpty() ? Optional.empty() : Optional.of(value);
      return new Clause.Nothing();
    }
    cursor.expect("setval");
    cursor.expectSign("(");
    String sequence = declared(cursor.text());
    cursor.expectSign(",");
    String value = cursor.number();
    cursor.expectSign(",");
    String called = cursor.skip("true") ? "true" : "false";
    if (called.equals("false")) {
      cursor.expect("false");
    }
    cursor.expectSign(")");
    cursor.end();
    return now(
        "SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %s)"
            .formatted(Quote.literal(sequence), value, called));
  }

  private static Clause.Now now(String sql) {
    return new Clause.Now(sql, Set.of());
  }

  /** The dump's own table must come next. */
  private void own(Cursor cursor) throws BadDump {
    Cursor.Qualified name = cursor.qualified();
    if (!schema(name).equals(target.schemas().data()) || !name.name().equals(target.name())) {
      throw wrong(name);
    }
  }

  private BadDump wrong(Cursor.Qualified name) {
    return new BadDump(
        "it is about %s.%s, and should be about %s.%s only"
            .formatted(schema(name), name.name(), target.schemas().data(), target.name()));
  }

  /** Old dumps say the schema once for all. */
  private String schema(Cursor.Qualified name) {
    return name.schema().or(() -> path).orElse("");
  }

  private Clause sequence(Cursor cursor) throws BadDump {
    Cursor.Qualified name = cursor.qualified();
    if (!schema(name).equals(target.schemas().data())) {
      throw wrong(name);
    }
    if (!sequences.add(name.name())) {
      throw new BadDump("it makes a sequence twice");
    }
    String options = Sequences.options(cursor);
    return now("CREATE SEQUENCE " + generated(name.name()) + options);
  }

  /** {@code ALTER SEQUENCE s OWNED BY t.c}. */
  private Clause owned(Cursor cursor) throws BadDump {
    Cursor.Qualified name = cursor.qualified();
    String sequence = declared(name);
    cursor.expect("owned", "by");
    Column column = column(cursor);
    cursor.end();
    return now(
        "ALTER SEQUENCE %s OWNED BY %s.%s"
            .formatted(sequence, target.data(relation), Quote.identifier(column.name())));
  }

  /** {@code schema.table.column}, or without the schema in old dumps. */
  private Column column(Cursor cursor) throws BadDump {
    List<String> parts = new ArrayList<>();
    do {
      parts.add(cursor.name());
    } while (cursor.skipSign("."));
    if (parts.size() == 2 && path.isPresent()) {
      parts.addFirst(path.get());
    }
    if (parts.size() != 3
        || !parts.get(0).equals(target.schemas().data())
        || !parts.get(1).equals(target.name())) {
      throw cursor.unexpected();
    }
    return new Column(parts.get(2));
  }

  private record Column(String name) {}

  private String generated(String name) {
    return target.data(Names.of(name, generation));
  }

  /** The new name, quoted, of a sequence that the dump made. */
  private String declared(Cursor.Qualified name) throws BadDump {
    if (!schema(name).equals(target.schemas().data()) || !sequences.contains(name.name())) {
      throw new BadDump("it uses the sequence " + name.name() + ", which it does not hold");
    }
    return generated(name.name());
  }

  /** The same, of a name inside a text. */
  private String declared(String text) throws BadDump {
    Cursor cursor = new Cursor(Sequences.words(text));
    Cursor.Qualified name = cursor.qualified();
    cursor.end();
    return declared(name);
  }

  private Clause table(Cursor cursor) throws BadDump {
    own(cursor);
    if (made) {
      throw new BadDump("it makes its table twice");
    }
    made = true;
    TableBody body = new TableBody(expression, text -> Quote.literal(declared(text)));
    String inside = body.read(new Cursor(cursor.brackets()));
    String storage = cursor.skip("with") ? " WITH (" + Storage.of(cursor.brackets()) + ")" : "";
    cursor.end();
    given.addAll(body.given());
    return new Clause.Now(
        "CREATE TABLE " + target.data(relation) + " (" + inside + ")" + storage, body.calls());
  }

  private Clause copy(Cursor cursor) throws BadDump {
    own(cursor);
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
    return new Clause.Rows(
        "COPY " + target.data(relation) + list + " FROM STDIN WITH (FREEZE, ENCODING 'UTF8')");
  }

  private Clause comment(Cursor cursor) throws BadDump {
    String about;
    if (cursor.skip("table")) {
      own(cursor);
      about = "TABLE " + target.data(relation);
    } else if (cursor.skip("column")) {
      about = "COLUMN " + target.data(relation) + "." + Quote.identifier(column(cursor).name());
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
    String name = Names.of(cursor.name(), generation);
    cursor.expect("on");
    cursor.skip("only");
    own(cursor);
    cursor.expect("using");
    String method = Quote.identifier(cursor.name());
    List<Token> over = cursor.brackets();
    Set<Clause.Call> calls = new HashSet<>(expression.calls(over));
    StringBuilder sql = new StringBuilder(create);
    sql.append(Quote.identifier(name)).append(" ON ").append(target.data(relation));
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

  private Clause alter(Cursor cursor) throws BadDump {
    cursor.skip("only");
    own(cursor);
    if (cursor.skip("add", "constraint")) {
      Keys keys = new Keys(target.data(relation), generation, expression);
      return keys.read(cursor, name -> other(name));
    }
    if (cursor.skip("cluster", "on") || cursor.skip("replica", "identity")) {
      return new Clause.Nothing();
    }
    cursor.expect("alter", "column");
    String column =
        "ALTER TABLE " + target.data(relation) + " ALTER COLUMN " + Quote.identifier(cursor.name());
    if (cursor.skip("add", "generated")) {
      return identity(cursor, column);
    }
    cursor.expect("set");
    if (cursor.skip("default")) {
      TableBody body = new TableBody(expression, text -> Quote.literal(declared(text)));
      String value = body.value(cursor);
      cursor.end();
      return new Clause.Now(column + " SET DEFAULT " + value, body.calls());
    }
    if (cursor.skip("statistics")) {
      String number = cursor.number();
      cursor.end();
      return now(column + " SET STATISTICS " + number);
    }
    if (cursor.skip("storage")) {
      String word = Keys.oneOf(cursor, "plain", "external", "extended", "main");
      cursor.end();
      return now(column + " SET STORAGE " + word);
    }
    if (cursor.skip("compression")) {
      String word = Keys.oneOf(cursor, "pglz", "lz4");
      cursor.end();
      return now(column + " SET COMPRESSION " + word);
    }
    List<Token> inside = cursor.brackets();
    cursor.end();
    return now(column + " SET (" + Storage.of(inside) + ")");
  }

  /** The schema and name of a table that a foreign key points to. */
  private Cursor.Qualified other(Cursor.Qualified name) {
    return new Cursor.Qualified(Optional.of(schema(name)), name.name());
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
    Cursor.Qualified name = inside.qualified();
    if (!schema(name).equals(target.schemas().data()) || !sequences.add(name.name())) {
      throw wrong(name);
    }
    return now(
        "%s ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s%s)"
            .formatted(column, how, generated(name.name()), Sequences.options(inside)));
  }
}
