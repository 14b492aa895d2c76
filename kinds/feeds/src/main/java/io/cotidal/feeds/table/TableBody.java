package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads what stands in the brackets of {@code CREATE TABLE}: columns and checks. */
final class TableBody {
  private final Expression expression;
  private final Scope scope;
  private final Set<Clause.Call> calls = new LinkedHashSet<>();
  private final Set<String> given = new LinkedHashSet<>();

  TableBody(Expression expression, Scope scope) {
    this.expression = expression;
    this.scope = scope;
  }

  /** Functions that its expressions call. */
  Set<Clause.Call> calls() {
    return Collections.unmodifiableSet(calls);
  }

  /** Columns whose values the rows hold: all but those that are computed. */
  Set<String> given() {
    return Collections.unmodifiableSet(given);
  }

  /** All of it, said anew. */
  String read(Cursor cursor) throws BadDump {
    List<String> parts = new ArrayList<>();
    if (!cursor.over()) {
      do {
        parts.add(cursor.peek().word("constraint") ? check(cursor) : column(cursor));
      } while (cursor.skipSign(","));
    }
    cursor.end();
    return String.join(", ", parts);
  }

  private String check(Cursor cursor) throws BadDump {
    cursor.take();
    String name = Quote.identifier(cursor.name());
    cursor.expect("check");
    String check = "CONSTRAINT " + name + " CHECK (" + admitted(cursor.brackets()) + ")";
    return check + (cursor.skip("no", "inherit") ? " NO INHERIT" : "");
  }

  private String admitted(List<Token> tokens) throws BadDump {
    calls.addAll(expression.calls(tokens));
    return Token.sql(tokens);
  }

  private String column(Cursor cursor) throws BadDump {
    String name = cursor.name();
    StringBuilder column = new StringBuilder(Quote.identifier(name));
    column.append(" ").append(type(cursor));
    boolean computed = false;
    while (!cursor.over() && !cursor.peek().sign(",")) {
      if (cursor.skip("collate")) {
        column.append(" COLLATE ").append(collation(cursor));
      } else if (cursor.skip("default")) {
        column.append(" DEFAULT ").append(value(cursor));
      } else if (cursor.skip("generated", "always", "as")) {
        column.append(" GENERATED ALWAYS AS (").append(admitted(cursor.brackets())).append(")");
        cursor.expect("stored");
        column.append(" STORED");
        computed = true;
      } else if (cursor.skip("constraint")) {
        cursor.name();
      } else {
        cursor.expect("not", "null");
        column.append(" NOT NULL");
      }
    }
    if (!computed && !given.add(name)) {
      throw new BadDump("its table has the column " + name + " twice");
    }
    return column.toString();
  }

  private static String type(Cursor cursor) throws BadDump {
    int from = cursor.position();
    Expression.type(cursor);
    return Token.sql(cursor.since(from));
  }

  private static String collation(Cursor cursor) throws BadDump {
    Cursor.Qualified name = cursor.qualified();
    String plain = Quote.identifier(name.name());
    return name.schema().map(schema -> Target.quoted(schema, name.name())).orElse(plain);
  }

  /** A default, up to the comma, the end or what else may follow it. */
  String value(Cursor cursor) throws BadDump {
    List<Token> tokens = new ArrayList<>();
    int depth = 0;
    while (!cursor.over() && !(depth == 0 && ends(cursor))) {
      Token next = cursor.take();
      depth += next.sign("(") || next.sign("[") ? 1 : next.sign(")") || next.sign("]") ? -1 : 0;
      tokens.add(next);
    }
    if (tokens.size() >= 4 && tokens.getFirst().word("nextval")) {
      return next(new Cursor(tokens));
    }
    return admitted(tokens);
  }

  private static boolean ends(Cursor cursor) {
    return cursor.peek().sign(",")
        || cursor.peek().word("constraint")
        || (cursor.peek().word("not") && cursor.ahead(1).word("null"));
  }

  /** {@code nextval('sites_data.parcels_id_seq'::regclass)}. */
  private String next(Cursor cursor) throws BadDump {
    cursor.expect("nextval");
    cursor.expectSign("(");
    String text = scope.declared(cursor.text());
    if (cursor.skipSign("::")) {
      cursor.expect("regclass");
    }
    cursor.expectSign(")");
    cursor.end();
    return "pg_catalog.nextval(" + text + "::pg_catalog.regclass)";
  }
}
