package io.cotidal.pgclient;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** A connection string of libpq in its {@code name=value} form. */
public final class Conninfo {
  private Conninfo() {}

  /** The string with those parameters, in that order, each value quoted. */
  public static String format(SequencedMap<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + Quote.conninfo(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /**
   * The parameters of a string.
   *
   * @throws IllegalArgumentException if it has another form; the message does not repeat it, for it
   *     may hold a password
   */
  public static Map<String, String> parse(String text) {
    LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
    int at = blanks(text, 0);
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        throw new IllegalArgumentException("connection string: a parameter has no value");
      }
      String name = text.substring(at, equals).strip();
      StringBuilder value = new StringBuilder();
      at = value(text, blanks(text, equals + 1), value);
      parameters.put(name, value.toString());
      at = blanks(text, at);
    }
    return parameters;
  }

  private static int value(String text, int from, StringBuilder value) {
    boolean quoted = from < text.length() && text.charAt(from) == '\'';
    int at = quoted ? from + 1 : from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (quoted ? c == '\'' : Character.isWhitespace(c)) {
        return at + 1;
      }
      if (c == '\\' && at + 1 < text.length()) {
        at++;
        c = text.charAt(at);
      }
      value.append(c);
      at++;
    }
    if (quoted) {
      throw new IllegalArgumentException("connection string: a quote is not closed");
    }
    return at;
  }

  private static int blanks(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
