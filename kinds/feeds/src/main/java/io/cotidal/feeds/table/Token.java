package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.List;

/**
 * One word of SQL.
 *
 * @param text a plain word in lower case, a quoted name or text without its quotes, else as written
 */
record Token(Kind kind, String text) {
  /** What sort of word. */
  enum Kind {
    /** Without quotes: a keyword or a name. */
    WORD,
    /** A name in double quotes. */
    NAME,
    /** Text in single quotes. */
    TEXT,
    NUMBER,
    /** An operator, a bracket, a comma, a dot. */
    SIGN
  }

  boolean word(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  boolean sign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** Whether it can be a name. */
  boolean names() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }

  /**
   * As it is written in SQL that the driver is given, for which a question mark is a value's place.
   */
  String sql() {
    return switch (kind) {
      case WORD, NUMBER -> text;
      case NAME -> Quote.identifier(text);
      case TEXT -> Quote.literal(text);
      case SIGN -> text.replace("?", "??");
    };
  }

  /** Several, in one line. */
  static String sql(List<Token> tokens) {
    StringBuilder sql = new StringBuilder();
    for (Token token : tokens) {
      sql.append(sql.isEmpty() ? "" : " ").append(token.sql());
    }
    return sql.toString();
  }
}
