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
  private static final String OPERATORS = "+-*/<>=~!@#%^&|`?:";
  private static final String SINGLES = "()[],.";

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private int taken;

  Script(InputStream in) {
    this.in = in;
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
    return new Rows();
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
    while (peek() >= 0 && OPERATORS.indexOf(peek()) >= 0) {
      run.append((char) take());
    }
    String sign = run.toString();
    if (sign.contains("--") || sign.contains("/*")) {
      throw new BadDump("it holds a comment inside a statement");
    }
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (begins(peek()) || digit(peek())) {
      bytes.write(take());
    }
    String word = ascii(text(bytes));
    if (peek() == '\'') {
      if (!word.equals("e")) {
        throw new BadDump("it holds text of the form " + word + "'…'");
      }
      return new Token(Token.Kind.TEXT, quoted('\'', true));
    }
    if (peek() == '$') {
      throw new BadDump("it holds a dollar sign outside quotes");
    }
    return new Token(Token.Kind.WORD, word);
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
      bytes.write(next);
    }
    String text = text(bytes);
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
    if (at == end) {
      fill();
    }
    return at == end ? -1 : buffer[at] & 0xFF;
  }

  private int take() throws IOException, BadDump {
    int next = peek();
    if (next >= 0) {
      at++;
    }
    if (++taken > LONGEST) {
      throw new BadDump("a statement of it is longer than 1 MiB");
    }
    return next;
  }

  private void fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
  }

  /** Rows as {@code COPY} writes them, without the line that ends them. */
  private final class Rows extends InputStream {
    private static final byte[] END = {'\\', '.', '\n'};
    private boolean lineBegins = true;
    private boolean over;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (over || length == 0) {
        return over ? -1 : 0;
      }
      if (lineBegins && over()) {
        return -1;
      }
      if (peek() < 0) {
        throw new Archive.Broken("its rows do not end");
      }
      int stop = at;
      int most = Math.min(end, at + length);
      // Whole lines, as far as they are here; a line that begins is looked at before it is given.
      while (stop < most) {
        if (lineBegins && buffer[stop] == '\\') {
          break;
        }
        lineBegins = buffer[stop++] == '\n';
      }
      if (stop == at) {
        // A row that begins with a backslash, but is no end.
        lineBegins = false;
        stop = at + 1;
      }
      int given = stop - at;
      System.arraycopy(buffer, at, bytes, offset, given);
      at = stop;
      return given;
    }

    /** Whether the end stands here; it is read then. */
    private boolean over() throws IOException {
      if (peek() != '\\') {
        return false;
      }
      if (end - at < END.length) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        while (end < END.length) {
          int more = in.read(buffer, end, buffer.length - end);
          if (more < 0) {
            return false;
          }
          end += more;
        }
      }
      over = buffer[at + 1] == '.' && buffer[at + 2] == '\n';
      at += over ? END.length : 0;
      return over;
    }
  }
}
