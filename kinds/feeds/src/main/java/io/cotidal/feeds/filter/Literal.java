package io.cotidal.feeds.filter;

/**
 * A text in quotes, as Python reads it.
 *
 * @param end the character after its closing quote
 */
record Literal(String value, int end) {
  private static final String SIMPLE = "\\'\"abfnrtv";
  private static final String MEANT = "\\'\"\u0007\b\f\n\r\t\u000b";

  /** Reads from the opening quote at {@code start}. */
  static Literal read(String text, int start) {
    char quote = text.charAt(start);
    StringBuilder value = new StringBuilder();
    int i = start + 1;
    while (i < text.length() && text.charAt(i) != quote) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        throw Refusal.at(text, i, "the end of the line in a text", "its closing " + quote);
      }
      if (c == '\\') {
        i = escape(text, i, value);
      } else {
        value.append(c);
        i++;
      }
    }
    if (i >= text.length()) {
      throw Refusal.at(text, start, "a text that does not end", "one with a closing " + quote);
    }
    return new Literal(value.toString(), i + 1);
  }

  /** Reads from the backslash at {@code at}; where to go on. */
  private static int escape(String text, int at, StringBuilder value) {
    if (at + 1 >= text.length()) {
      throw Refusal.at(text, at, "a backslash at the end", "a character after it");
    }
    char kind = text.charAt(at + 1);
    int simple = SIMPLE.indexOf(kind);
    if (simple >= 0) {
      value.append(MEANT.charAt(simple));
      return at + 2;
    }
    return switch (kind) {
      case 'x' -> code(text, at, 2, value);
      case 'u' -> code(text, at, 4, value);
      case 'U' -> code(text, at, 8, value);
      case 'N', '\n', '\r' ->
          throw Refusal.at(
              text, at, Refusal.quoted("\\" + kind), "\\\\ \\' \\\" \\n \\t \\xhh or \\uhhhh");
      default -> kind >= '0' && kind <= '7' ? octal(text, at, value) : kept(at, kind, value);
    };
  }

  /** Python keeps the backslash of what it does not know. */
  private static int kept(int at, char kind, StringBuilder value) {
    value.append('\\').append(kind);
    return at + 2;
  }

  private static int octal(String text, int at, StringBuilder value) {
    int i = at + 1;
    int code = 0;
    while (i < text.length() && i < at + 4 && text.charAt(i) >= '0' && text.charAt(i) <= '7') {
      code = code * 8 + text.charAt(i) - '0';
      i++;
    }
    value.append((char) code);
    return i;
  }

  private static int code(String text, int at, int digits, StringBuilder value) {
    int end = at + 2 + digits;
    String hex = end <= text.length() ? text.substring(at + 2, end) : "";
    long code = hex.matches("[0-9a-fA-F]+") ? Long.parseLong(hex, 16) : -1;
    if (code < 0 || code > Character.MAX_CODE_POINT) {
      throw Refusal.at(
          text,
          at,
          Refusal.quoted(text.substring(at, Math.min(end, text.length()))),
          digits + " hexadecimal digits of a character");
    }
    value.appendCodePoint((int) code);
    return end;
  }
}
