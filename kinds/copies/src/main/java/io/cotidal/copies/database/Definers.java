package io.cotidal.copies.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets a MariaDB dump through with {@code DEFINER=CURRENT_USER} for every {@code DEFINER=a@b}:
 * accounts of the source do not exist here, and only an administrator may name others. Strings,
 * quoted names and comments are never touched; executable comments are code. Lines stay what they
 * were.
 *
 * <p>Where the rules of strings change in the middle, {@code NO_BACKSLASH_ESCAPES} or a character
 * set in which a backslash may be half of a character, nothing is rewritten from there on: a
 * definer then fails with the server's own words, and data is never at risk.
 */
final class Definers {
  private static final int ACCOUNT = 600;
  private static final int SHORT = 600;
  private static final byte[] HERE = "=CURRENT_USER".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern SEMICOLON = Pattern.compile("[ \\t]+;[ \\t\\r]*\\n");

  /** Statements whose strings are values, as long as it is certain where they end. */
  private static final Set<String> ROWS = Set.of("INSERT", "REPLACE");

  private static final String NAME =
      "(?:`(?:[^`\\n]|``)+`|'(?:[^'\\\\\\n]|'')+'|\"(?:[^\"\\\\\\n]|\"\")+\"|[A-Za-z0-9_$.%\\x80-\\xff-]+)";
  private static final Pattern DEFINER =
      Pattern.compile("[ \\t]*=[ \\t]*" + NAME + "[ \\t]*@[ \\t]*" + NAME);
  private static final Set<String> TREACHEROUS =
      Set.of("GBK", "BIG5", "SJIS", "CP932", "GB18030", "GB2312");

  private final ByteSource in;
  private final ByteSink out;
  private final StringBuilder word = new StringBuilder();
  private String previous = "";
  private boolean fresh = true;
  private boolean rows;
  private boolean semicolons = true;
  private boolean rewrite;

  /**
   * A filter from one stream to the other.
   *
   * @param rewrite false to let everything through as it is
   */
  Definers(InputStream in, OutputStream out, boolean rewrite) {
    this.in = new ByteSource(in);
    this.out = new ByteSink(out);
    this.rewrite = rewrite;
  }

  /**
   * Lets everything through.
   *
   * @throws IOException naming the line, if the dump ends within a string
   */
  void run() throws IOException {
    for (int one = in.next(); one >= 0; one = in.next()) {
      out.write(one);
      if (!rewrite) {
        continue;
      }
      if (letter(one)) {
        if (word.length() < 64) {
          word.append((char) one);
        }
        if (!letter(in.peek())) {
          word();
        }
      } else {
        code(one);
      }
    }
    out.flush();
  }

  private void word() throws IOException {
    String found = word.toString().toUpperCase(Locale.ROOT);
    word.setLength(0);
    if (rewrite && found.equals("DEFINER")) {
      Matcher account = DEFINER.matcher(in.ahead(ACCOUNT));
      if (account.lookingAt()) {
        in.skip(account.end());
        out.write(HERE, 0, HERE.length);
      }
    }
    charset(found);
    previous = found;
    if (found.equals("DELIMITER")) {
      semicolons = SEMICOLON.matcher(in.ahead(SHORT)).lookingAt();
    }
    if (fresh) {
      fresh = false;
      rows = semicolons && ROWS.contains(found);
    }
  }

  private void charset(String name) {
    if (previous.equals("NAMES") && TREACHEROUS.contains(name)) {
      rewrite = false;
    }
  }

  private void code(int one) throws IOException {
    switch (one) {
      case ';' -> fresh = true;
      // The client's short word for another delimiter.
      case '\\' -> semicolons &= in.peek() != 'd';
      case '\'', '"' -> string(one);
      case '`' -> quotedName();
      case '#' -> line();
      case '-' -> {
        String ahead = in.ahead(2);
        if (ahead.startsWith("-") && (ahead.length() == 1 || ahead.charAt(1) <= ' ')) {
          line();
        }
      }
      case '/' -> {
        String ahead = in.ahead(3);
        if (ahead.startsWith("*") && !ahead.startsWith("*!") && !ahead.startsWith("*M!")) {
          comment();
        }
      }
      default -> {
        // Any other character begins nothing.
      }
    }
  }

  private void string(int quote) throws IOException {
    long began = in.line();
    // The values of rows are nobody's settings, however they read.
    String text = rows ? "" : in.ahead(SHORT).toUpperCase(Locale.ROOT);
    for (int one = in.pass(quote, '\\', out); one != quote; one = in.pass(quote, '\\', out)) {
      if (one < 0) {
        throw new IOException(
            "the dump is cut short: it ends within a string that begins on line " + began);
      }
      int escaped = in.next();
      if (escaped >= 0) {
        out.write(escaped);
      }
    }
    int end = text.indexOf(quote);
    String content = end < 0 ? text : text.substring(0, end);
    if (content.contains("NO_BACKSLASH_ESCAPES")) {
      rewrite = false;
    }
    charset(content);
  }

  private void quotedName() throws IOException {
    in.pass('`', '`', out);
  }

  private void line() throws IOException {
    in.pass('\n', '\n', out);
  }

  private void comment() throws IOException {
    out.write(in.next());
    int before = 0;
    for (int one = in.next(); one >= 0; one = in.next()) {
      out.write(one);
      if (before == '*' && one == '/') {
        return;
      }
      before = one;
    }
  }

  private static boolean letter(int one) {
    return (one >= 'a' && one <= 'z')
        || (one >= 'A' && one <= 'Z')
        || (one >= '0' && one <= '9')
        || one == '_'
        || one == '$'
        || one >= 0x80;
  }
}
