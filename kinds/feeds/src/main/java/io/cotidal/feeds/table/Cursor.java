package io.cotidal.feeds.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks along the words of one statement. */
final class Cursor {
  private static final Token NOTHING = new Token(Token.Kind.SIGN, "");

  private final List<Token> tokens;
  private int at;

  Cursor(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /** The next word, which stays; a sign without text at the end. */
  Token peek() {
    return ahead(0);
  }

  /** The word that many after the next. */
  Token ahead(int further) {
    return at + further < tokens.size() ? tokens.get(at + further) : NOTHING;
  }

  /** Where it stands; for {@link #since}. */
  int position() {
    return at;
  }

  /** The words that were passed since it stood there. */
  List<Token> since(int position) {
    return tokens.subList(position, at);
  }

  boolean over() {
    return at >= tokens.size();
  }

  Token take() {
    Token next = peek();
    at++;
    return next;
  }

  /** Takes those words if they all come next. */
  boolean skip(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!ahead(i).word(words[i])) {
        return false;
      }
    }
    at += words.length;
    return true;
  }

  /** Takes that sign if it comes next. */
  boolean skipSign(String sign) {
    if (!peek().sign(sign)) {
      return false;
    }
    at++;
    return true;
  }

  void expect(String... words) throws BadDump {
    if (!skip(words)) {
      throw unexpected();
    }
  }

  void expectSign(String sign) throws BadDump {
    if (!skipSign(sign)) {
      throw unexpected();
    }
  }

  String name() throws BadDump {
    if (!peek().names()) {
      throw unexpected();
    }
    return take().text();
  }

  String text() throws BadDump {
    if (peek().kind() != Token.Kind.TEXT) {
      throw unexpected();
    }
    return take().text();
  }

  /** A whole number, with its sign. */
  String number() throws BadDump {
    String sign = skipSign("-") ? "-" : "";
    if (peek().kind() != Token.Kind.NUMBER || !peek().text().matches("[0-9]{1,19}")) {
      throw unexpected();
    }
    return sign + take().text();
  }

  /** Names in brackets. */
  List<String> names() throws BadDump {
    List<String> names = new ArrayList<>();
    expectSign("(");
    do {
      names.add(name());
    } while (skipSign(","));
    expectSign(")");
    return names;
  }

  /** A name that may have a schema before it. */
  Qualified qualified() throws BadDump {
    String first = name();
    return skipSign(".")
        ? new Qualified(Optional.of(first), name())
        : new Qualified(Optional.empty(), first);
  }

  /** What stands between this bracket and its end, both not included. */
  List<Token> brackets() throws BadDump {
    expectSign("(");
    List<Token> inside = new ArrayList<>();
    int depth = 1;
    while (!over()) {
      Token next = take();
      depth += next.sign("(") ? 1 : next.sign(")") ? -1 : 0;
      if (depth == 0) {
        return inside;
      }
      inside.add(next);
    }
    throw new BadDump("a bracket in it is never closed");
  }

  void end() throws BadDump {
    if (!over()) {
      throw unexpected();
    }
  }

  /** How the statement begins, for a message. */
  private String beginning() {
    StringBuilder words = new StringBuilder();
    for (Token token : tokens.subList(0, Math.min(6, tokens.size()))) {
      words.append(words.isEmpty() ? "" : " ").append(token.text());
    }
    String line = words.toString().replaceAll("\\p{Cntrl}", " ");
    return line.length() > 80 ? line.substring(0, 80) : line;
  }

  BadDump unexpected() {
    return new BadDump("it holds a statement that a table's dump does not hold: " + beginning());
  }

  /** A name with or without its schema. */
  record Qualified(Optional<String> schema, String name) {}
}
