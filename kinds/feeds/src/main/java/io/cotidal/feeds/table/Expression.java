package io.cotidal.feeds.table;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Admits the words of an expression: a default, a check, what an index is over. It may name columns
 * and call functions, which are told, so that it can be looked up what they do. It cannot read
 * tables, nor name anything in a schema of people's.
 *
 * @param postgis the schema that PostGIS is in
 */
record Expression(String postgis) {
  private static final Set<String> FORBIDDEN =
      Set.of(
          "select",
          "insert",
          "update",
          "delete",
          "merge",
          "values",
          "exists",
          "into",
          "table",
          "execute",
          "returning");

  /** Words before a bracket that are no functions. */
  private static final Set<String> SYNTAX =
      Set.of(
          "and",
          "or",
          "not",
          "in",
          "any",
          "all",
          "some",
          "case",
          "when",
          "then",
          "else",
          "is",
          "like",
          "ilike",
          "similar",
          "between",
          "from",
          "for",
          "using",
          "as",
          "with",
          "where",
          "on",
          "row",
          "cast",
          "coalesce",
          "nullif",
          "greatest",
          "least",
          "extract",
          "overlay",
          "position",
          "substring",
          "trim",
          "both",
          "leading",
          "trailing",
          "array",
          "operator",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "symmetric",
          "to",
          "escape",
          "distinct",
          "collate",
          "zone");

  private static final Set<String> TYPE_WORDS =
      Set.of(
          "varying",
          "precision",
          "with",
          "without",
          "time",
          "zone",
          "year",
          "month",
          "day",
          "hour",
          "minute",
          "second");

  /** The functions that {@code tokens} call. */
  Set<Clause.Call> calls(List<Token> tokens) throws BadDump {
    Cursor cursor = new Cursor(tokens);
    Set<Clause.Call> calls = new LinkedHashSet<>();
    if (cursor.over()) {
      throw new BadDump("an expression in it is empty");
    }
    Token before = new Token(Token.Kind.SIGN, "");
    while (!cursor.over()) {
      Token next = cursor.peek();
      if (next.sign("::")) {
        cursor.take();
        type(cursor);
      } else if (next.names()) {
        name(cursor, calls);
      } else if (next.sign(".")) {
        throw new BadDump("an expression in it has a dot after " + before.text());
      } else {
        cursor.take();
      }
      before = next;
    }
    return calls;
  }

  private void name(Cursor cursor, Set<Clause.Call> calls) throws BadDump {
    Token first = cursor.peek();
    if (first.kind() == Token.Kind.WORD && FORBIDDEN.contains(first.text())) {
      throw new BadDump("an expression in it holds the word " + first.text());
    }
    if (first.word("operator") && cursor.ahead(1).sign("(")) {
      operator(cursor);
      return;
    }
    Cursor.Qualified name = cursor.qualified();
    if (name.schema().isPresent()) {
      known(name.schema().get());
      if (cursor.peek().sign(".")) {
        throw new BadDump("an expression in it names more than a schema and a thing in it");
      }
    }
    boolean syntax =
        name.schema().isEmpty() && first.kind() == Token.Kind.WORD && SYNTAX.contains(first.text());
    if (cursor.peek().sign("(") && !syntax) {
      calls.add(new Clause.Call(name.schema().orElse("pg_catalog"), name.name()));
    }
  }

  /** {@code OPERATOR(public.&&)}. */
  private void operator(Cursor cursor) throws BadDump {
    cursor.take();
    cursor.expectSign("(");
    known(cursor.name());
    cursor.expectSign(".");
    if (cursor.take().kind() != Token.Kind.SIGN) {
      throw cursor.unexpected();
    }
    cursor.expectSign(")");
  }

  private void known(String schema) throws BadDump {
    if (!schema.equals("pg_catalog") && !schema.equals(postgis)) {
      throw new BadDump("an expression in it names something in the schema " + schema);
    }
  }

  /**
   * Takes a type: {@code public.geometry(Polygon,28350)}, {@code timestamp(3) with time zone[]}.
   */
  static void type(Cursor cursor) throws BadDump {
    cursor.qualified();
    words(cursor);
    if (cursor.peek().sign("(")) {
      for (Token token : cursor.brackets()) {
        boolean plain =
            token.kind() == Token.Kind.NUMBER
                || token.names()
                || token.sign(",")
                || token.sign("-");
        if (!plain) {
          throw new BadDump("a type in it has something odd in its brackets");
        }
      }
    }
    words(cursor);
    while (cursor.skipSign("[")) {
      if (cursor.peek().kind() == Token.Kind.NUMBER) {
        cursor.take();
      }
      cursor.expectSign("]");
    }
  }

  private static void words(Cursor cursor) {
    while (cursor.peek().kind() == Token.Kind.WORD && TYPE_WORDS.contains(cursor.peek().text())) {
      // Not WITH of a constraint or of storage, which no type is followed by.
      cursor.take();
    }
  }
}
