package io.cotidal.feeds.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parts a roles file into its statements, and takes the comments out. */
final class RolePieces {
  private static final Pattern TAG = Pattern.compile("\\$([A-Za-z_][A-Za-z_0-9]*)?\\$");

  private final String sql;
  private final int firstLine;
  private final List<Piece> pieces = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private Optional<Body> body = Optional.empty();
  private int at;
  private int begin = -1;

  private RolePieces(String sql, int firstLine) {
    this.sql = sql;
    this.firstLine = firstLine;
  }

  /**
   * One statement without its semicolon.
   *
   * @param line where it begins, from 1
   * @param body what stands between dollar tags, which only {@code DO} may have
   */
  record Piece(int line, String text, Optional<Body> body) {}

  /** A text between dollar tags, and the line where it begins. */
  record Body(int line, String text) {}

  /** A file cannot be parted. */
  static final class Torn extends Exception {
    private static final long serialVersionUID = 1;
    private final int line;

    Torn(int line, String reason) {
      super(reason, null, false, false);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  /** The statements of {@code sql}, of which the first line has that number. */
  static List<Piece> of(String sql, int firstLine) throws Torn {
    return new RolePieces(sql, firstLine).read();
  }

  private List<Piece> read() throws Torn {
    while (at < sql.length()) {
      char next = sql.charAt(at);
      if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (sql.startsWith("/*", at)) {
        comment();
      } else if (next == ';') {
        end();
        at++;
      } else {
        begin = begin < 0 && !Character.isWhitespace(next) ? at : begin;
        part(next);
      }
    }
    end();
    return pieces;
  }

  private void part(char next) throws Torn {
    if (next == '\'' || next == '"') {
      quoted(next);
    } else if (next == '$') {
      dollars();
    } else {
      text.append(next);
      at++;
    }
  }

  private void end() {
    if (!text.toString().isBlank()) {
      pieces.add(new Piece(line(begin), text.toString(), body));
    }
    text.setLength(0);
    body = Optional.empty();
    begin = -1;
  }

  /** They can be nested. */
  private void comment() throws Torn {
    int from = at;
    int depth = 0;
    do {
      if (at >= sql.length()) {
        throw new Torn(line(from), "a comment has no end");
      }
      int step = sql.startsWith("/*", at) ? 1 : sql.startsWith("*/", at) ? -1 : 0;
      depth += step;
      at += step == 0 ? 1 : 2;
    } while (depth > 0);
    text.append(' ');
  }

  private void quoted(char quote) throws Torn {
    int from = at;
    boolean escapes = quote == '\'' && text.toString().matches("(?s)(.*[^A-Za-z0-9_])?[eE]");
    at++;
    while (at < sql.length() && sql.charAt(at) != quote) {
      at += escapes && sql.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= sql.length()) {
      throw new Torn(line(from), "a quote has no end");
    }
    at++;
    text.append(sql, from, at);
  }

  private void dollars() throws Torn {
    Matcher tag = TAG.matcher(sql).region(at, sql.length());
    boolean may = text.toString().strip().toLowerCase(Locale.ROOT).equals("do") && body.isEmpty();
    if (!may || !tag.lookingAt()) {
      throw new Torn(line(at), "a dollar sign has no place there");
    }
    int end = sql.indexOf(tag.group(), tag.end());
    if (end < 0) {
      throw new Torn(line(at), "a dollar quote has no end");
    }
    body = Optional.of(new Body(line(tag.end()), sql.substring(tag.end(), end)));
    at = end + tag.group().length();
  }

  private int line(int position) {
    return firstLine + (int) sql.substring(0, position).chars().filter(c -> c == '\n').count();
  }
}
