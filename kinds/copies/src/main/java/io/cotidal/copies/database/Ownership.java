package io.cotidal.copies.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Lets a plain PostgreSQL dump through without what only its source can mean: owners and grants to
 * roles that do not exist here, and psql commands that the dump brings for its own protection. Only
 * statements that stand on one line and begin it are left out, as {@code pg_dump} writes them;
 * strings, comments and the data of COPY are never touched. Lines stay what they were.
 */
final class Ownership {
  private static final int STATEMENT = 2048;
  private static final List<Pattern> LEFT_OUT =
      List.of(
          Pattern.compile("ALTER [^;'$]+ OWNER TO (?:\"(?:[^\"]|\"\")+\"|[^;'\"\\s]+);\\s*"),
          Pattern.compile("(?:GRANT|REVOKE) [^;'$]+ (?:TO|FROM) [^;'$]+;\\s*"),
          Pattern.compile("ALTER DEFAULT PRIVILEGES [^;'$]+;\\s*"),
          Pattern.compile("COMMENT ON EXTENSION [^;']+ IS '(?:[^']|'')*';\\s*"),
          Pattern.compile("CREATE SCHEMA public;\\s*"),
          // Newer than some servers; zero is what they do without it.
          Pattern.compile("SET transaction_timeout = 0;\\s*"),
          Pattern.compile("\\\\(?:un)?restrict [A-Za-z0-9]+\\s*"));
  private static final Pattern COPY =
      Pattern.compile("COPY\\s.*\\sFROM\\s+STDIN\\b[^;]*", Pattern.DOTALL);

  /** The row that ends the data of a COPY, with the end of its line or of the dump. */
  private static final Pattern END = Pattern.compile("\\\\\\.\r?(?:\n|\\z)");

  private static final int LAST_ROW = 4;
  private static final String FIRST = "AGRCS\\";

  private final ByteSource in;
  private final ByteSink out;
  private final StringBuilder statement = new StringBuilder();
  private boolean fresh = true;
  private int before = '\n';

  Ownership(InputStream in, OutputStream out) {
    this.in = new ByteSource(in);
    this.out = new ByteSink(out);
  }

  /**
   * Lets everything else through.
   *
   * @throws IOException naming the line, if the dump ends within a string or within data
   */
  void run() throws IOException {
    while (true) {
      if (fresh && before == '\n' && FIRST.indexOf(in.peek()) >= 0) {
        leaveOut();
      }
      int one = in.next();
      if (one < 0) {
        break;
      }
      out.write(one);
      code(one);
      before = one;
    }
    out.flush();
  }

  private void leaveOut() throws IOException {
    String ahead = in.ahead(ByteSource.AHEAD);
    int end = ahead.indexOf('\n');
    String line = end < 0 ? ahead : ahead.substring(0, end);
    if (LEFT_OUT.stream().anyMatch(pattern -> pattern.matcher(line).matches())) {
      in.skip(line.length());
    }
  }

  private void code(int one) throws IOException {
    switch (one) {
      case ';' -> statementEnds();
      case '\'' -> string();
      case '"' -> until('"');
      case '$' -> dollars();
      case '-' -> {
        if (in.peek() == '-') {
          until('\n');
          before = '\n';
          return;
        }
      }
      case '/' -> {
        if (in.peek() == '*') {
          comment();
          return;
        }
      }
      default -> {
        // Any other character begins nothing.
      }
    }
    if (one != ';' && one > ' ') {
      fresh = false;
    }
    if (!fresh && statement.length() < STATEMENT) {
      statement.append((char) one);
    }
  }

  private void statementEnds() throws IOException {
    String text = statement.toString().strip().toUpperCase(Locale.ROOT);
    statement.setLength(0);
    fresh = true;
    if (text.startsWith("COPY") && COPY.matcher(text).matches()) {
      data();
    }
  }

  /** Rows until a line that is a backslash and a dot. */
  private void data() throws IOException {
    long began = in.line();
    until('\n');
    while (in.peek() >= 0) {
      boolean end = in.peek() == '\\' && END.matcher(in.ahead(LAST_ROW)).lookingAt();
      int last = in.pass('\n', '\n', out);
      if (end) {
        before = last;
        return;
      }
    }
    throw cut("the data of the COPY", began);
  }

  private void string() throws IOException {
    long began = in.line();
    boolean escapes = before == 'E' || before == 'e';
    int escape = escapes ? '\\' : '\'';
    for (int one = in.pass('\'', escape, out); one >= 0; one = in.pass('\'', escape, out)) {
      if (one == '\'') {
        return;
      }
      int escaped = in.next();
      if (escaped >= 0) {
        out.write(escaped);
      }
    }
    throw cut("a string that begins", began);
  }

  private void until(int last) throws IOException {
    in.pass(last, last, out);
  }

  private void comment() throws IOException {
    out.write(in.next());
    int depth = 1;
    int last = 0;
    while (depth > 0) {
      int one = in.next();
      if (one < 0) {
        return;
      }
      out.write(one);
      if (last == '*' && one == '/') {
        depth--;
        one = 0;
      } else if (last == '/' && one == '*') {
        depth++;
        one = 0;
      }
      last = one;
    }
  }

  /** A string between {@code $tag$} and {@code $tag$}. */
  private void dollars() throws IOException {
    if (before == '_' || before == '$' || before >= 0x80 || Character.isLetterOrDigit(before)) {
      return;
    }
    String ahead = in.ahead(64);
    int end = ahead.indexOf('$');
    if (end < 0 || !ahead.substring(0, end).matches("(?:[A-Za-z_\\x80-\\xff][\\w\\x80-\\xff]*)?")) {
      return;
    }
    long began = in.line();
    String tag = "$" + ahead.substring(0, end + 1);
    for (int i = 0; i <= end; i++) {
      out.write(in.next());
    }
    int matched = 0;
    while (matched < tag.length()) {
      int one = in.next();
      if (one < 0) {
        throw cut("a string that begins", began);
      }
      out.write(one);
      if (one == tag.charAt(matched)) {
        matched++;
      } else {
        matched = one == '$' ? 1 : 0;
      }
    }
  }

  private static IOException cut(String within, long line) {
    return new IOException("the dump is cut short: it ends within " + within + " on line " + line);
  }
}
