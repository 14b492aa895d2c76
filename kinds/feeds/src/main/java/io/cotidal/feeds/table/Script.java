package io.cotidal.feeds.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the script that {@code pg_restore} makes of an archive, one statement at a time, and the
 * rows between them. Never holds more of it than one statement. Strict: what {@code pg_dump} does
 * not write, though PostgreSQL would read it, is refused, so that both cannot read it differently.
 */
final class Script {
  private static final int LONGEST = 1 << 20;
  private static final int LONGEST_OPERATOR = 63;
  private static final String OPERATORS = "+-*/<>=~!@#%^&|`?:";
  private static final String SINGLES = "()[],.";

  private final Bytes bytes;
  private int taken;

  Script(InputStream in) {
    this.bytes = new Bytes(in);
  }

  /** The next statement without its semicolon; empty at the end of the script. */
  List<Token> next() throws IOException, BadDump {
    List<Token> statement = new ArrayList<>();
    taken = 0;
    while (true) {
      int next = peek();
      if (next < 0) {
        if (!statement.isEmpty()) {
          throw new BadDump("its script ends in the middle of a statement");
        }
        return statement;
      }
      if (blank(next)) {
        take();
      } else if (next == ';') {
        take();
        if (!statement.isEmpty()) {
          return statement;
        }
      } else if (statement.isEmpty() && next == '-') {
        comment();
      } else if (statement.isEmpty() && next == '\\') {
        command();
      } else {
        statement.add(token(next));
      }
    }
  }

  /** The rest of this line, then the rows up to the mark of their end, which is read too. */
  InputStream rows() throws IOException, BadDump {
    while (peek() == ' ' || peek() == '\r') {
      take();
    }
    if (take() != '\n') {
      throw new BadDump("its rows do not begin on a line of their own");
    }
    return new Rows(bytes);
  }

  /** {@code -- Name: parcels; …}, to the end of its line. */
  private void comment() throws IOException, BadDump {
    take();
    if (take() != '-') {
      throw new BadDump("a statement of it begins with an operator");
    }
    int next = take();
    while (next >= 0 && next != '\n') {
      taken = 0;
      next = take();
    }
  }

  /** What {@code pg_restore} tells psql: {@code \restrict WORD}. Nothing else is for us. */
  private void command() throws IOException, BadDump {
    StringBuilder line = new StringBuilder();
    int next = take();
    while (next >= 0 && next != '\n') {
      line.append((char) next);
      next = take();
    }
    if (!line.toString().strip().matches("\\\\(un)?restrict [A-Za-z0-9]+")) {
      throw new BadDump("it holds a command for psql");
    }
  }

  private Token token(int first) throws IOException, BadDump {
    if (first == '"') {
      return new Token(Token.Kind.NAME, quoted('"', false));
    }
    if (first == '\'') {
      return new Token(Token.Kind.TEXT, quoted('\'', false));
    }
    if (digit(first)) {
      return number();
    }
    if (begins(first)) {
      return word();
    }
    if (SINGLES.indexOf(first) >= 0) {
      return new Token(Token.Kind.SIGN, String.valueOf((char) take()));
    }
    if (OPERATORS.indexOf(first) >= 0) {
      return operator();
    }
    throw new BadDump("it holds a character that has no place in a table's definition");
  }

  private Token operator() throws IOException, BadDump {
    StringBuilder run = new StringBuilder();
    while (OPERATORS.indexOf(Math.max(0, bytes.ahead(run.length()))) >= 0) {
      run.append((char) bytes.ahead(run.length()));
      if (run.length() > LONGEST_OPERATOR) {
        throw new BadDump("it holds an endless operator");
      }
    }
    if (run.indexOf("--") >= 0 || run.indexOf("/*") >= 0) {
      throw new BadDump("it holds a comment inside a statement");
    }
    // PostgreSQL's rule: a sign of a number behind an operator is not part of that.
    boolean special = run.chars().anyMatch(each -> "~!@#%^&|`?".indexOf(each) >= 0);
    while (!special && run.length() > 1 && "+-".indexOf(run.charAt(run.length() - 1)) >= 0) {
      run.setLength(run.length() - 1);
    }
    for (int i = 0; i < run.length(); i++) {
      take();
    }
    String sign = run.toString();
    if (sign.contains(":") && !sign.equals("::")) {
      throw new BadDump("it holds the operator " + sign);
    }
    return new Token(Token.Kind.SIGN, sign);
  }

  private Token number() throws IOException, BadDump {
    StringBuilder number = new StringBuilder();
    while (digit(peek()) || peek() == '.') {
      number.append((char) take());
    }
    if (peek() == 'e' || peek() == 'E') {
      number.append((char) take());
      if (peek() == '+' || peek() == '-') {
        number.append((char) take());
      }
      while (digit(peek())) {
        number.append((char) take());
      }
    }
    if (!number.toString().matches("[0-9]+(\\.[0-9]*)?(e[+-]?[0-9]+)?") || begins(peek())) {
      throw new BadDump("it holds a number that cannot be read");
    }
    return new Token(Token.Kind.NUMBER, number.toString());
  }

  private Token word() throws IOException, BadDump {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (begins(peek()) || digit(peek())) {
      word.write(take());
    }
    String plain = ascii(text(word));
    if (peek() == '\'') {
      if (!plain.equals("e")) {
        throw new BadDump("it holds text of the form " + plain + "'…'");
      }
      return new Token(Token.Kind.TEXT, quoted('\'', true));
    }
    if (peek() == '$') {
      throw new BadDump("it holds a dollar sign outside quotes");
    }
    return new Token(Token.Kind.WORD, plain);
  }

  /** Lower case as PostgreSQL does it: of other than ASCII letters it depends on the server. */
  private static String ascii(String word) throws BadDump {
    if (word.chars().anyMatch(each -> each > 127)) {
      throw new BadDump("it holds a name with special characters, but without quotes");
    }
    return word.toLowerCase(Locale.ROOT);
  }

  private String quoted(char quote, boolean escapes) throws IOException, BadDump {
    take();
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (true) {
      int next = take();
      if (next < 0) {
        throw new BadDump("its script ends inside quotes");
      }
      if (next == 0) {
        throw new BadDump("it holds a zero byte");
      }
      if (next == quote) {
        if (peek() != quote) {
          break;
        }
        take();
      } else if (escapes && next == '\\') {
        next = escaped(take());
      }
      word.write(next);
    }
    String text = text(word);
    if (quote == '"' && text.isEmpty()) {
      throw new BadDump("it holds an empty name");
    }
    return text;
  }

  private static int escaped(int next) throws BadDump {
    return switch (next) {
      case '\\', '\'' -> next;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> throw new BadDump("it holds an escape that pg_dump does not write");
    };
  }

  private static String text(ByteArrayOutputStream bytes) throws BadDump {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new BadDump("its definition is not UTF-8; dump it with -E UTF8");
    }
  }

  private static boolean blank(int each) {
    return each == ' ' || each == '\n' || each == '\t' || each == '\r';
  }

  private static boolean digit(int each) {
    return each >= '0' && each <= '9';
  }

  private static boolean begins(int each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || each == '_'
        || each > 127;
  }

  private int peek() throws IOException {
    return bytes.peek();
  }

  private int take() throws IOException, BadDump {
    if (++taken > LONGEST) {
      throw new BadDump("a statement of it is longer than 1 MiB");
    }
    return bytes.take();
  }
}
