package io.cotidal.copies.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
  private static final String NAME =
      "(?:`(?:[^`\\n]|``)+`|'(?:[^'\\\\\\n]|'')+'|\"(?:[^\"\\\\\\n]|\"\")+\"|[A-Za-z0-9_$.%\\x80-\\xff-]+)";
  private static final Pattern DEFINER =
      Pattern.compile("[ \\t]*=[ \\t]*" + NAME + "[ \\t]*@[ \\t]*" + NAME);
  private static final Set<String> TREACHEROUS =
      Set.of("GBK", "BIG5", "SJIS", "CP932", "GB18030", "GB2312");

  private final ByteSource in;
  private final OutputStream out;
  private final StringBuilder word = new StringBuilder();
  private String previous = "";
  private boolean rewrite;

  /**
   * A filter from one stream to the other.
   *
   * @param rewrite false to let everything through as it is
   */
  Definers(InputStream in, OutputStream out, boolean rewrite) {
    this.in = new ByteSource(in);
    this.out = out;
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
        out.write("=CURRENT_USER".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      }
    }
    charset(found);
    previous = found;
  }

  private void charset(String name) {
    if (previous.equals("NAMES") && TREACHEROUS.contains(name)) {
      rewrite = false;
    }
  }

  private void code(int one) throws IOException {
    switch (one) {
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
    StringBuilder content = new StringBuilder();
    while (true) {
      int one = in.next();
      if (one < 0) {
        throw new IOException(
            "the dump is cut short: it ends within a string that begins on line " + began);
      }
      out.write(one);
      if (one == '\\') {
        int escaped = in.next();
        if (escaped >= 0) {
          out.write(escaped);
        }
      } else if (one == quote) {
        break;
      } else if (content.length() < SHORT) {
        content.append((char) one);
      }
    }
    String text = content.toString().toUpperCase(Locale.ROOT);
    if (text.contains("NO_BACKSLASH_ESCAPES")) {
      rewrite = false;
    }
    charset(text);
  }

  private void quotedName() throws IOException {
    for (int one = in.next(); one >= 0; one = in.next()) {
      out.write(one);
      if (one == '`') {
        return;
      }
    }
  }

  private void line() throws IOException {
    for (int one = in.next(); one >= 0; one = in.next()) {
      out.write(one);
      if (one == '\n') {
        return;
      }
    }
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
