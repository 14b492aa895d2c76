package io.cotidal.app.config;

/**
 * Shows an operator's own words in a message: short, on one line, and unable to steer a terminal.
 */
final class Quote {
  private static final int LONGEST = 60;
  private static final int LONGEST_LINE = 300;

  private Quote() {}

  /** The text in quotes. */
  static String of(String text) {
    return "'" + shown(text, LONGEST) + "'";
  }

  /** The text, longer but still on one line. */
  static String line(String text) {
    return shown(text, LONGEST_LINE);
  }

  private static String shown(String text, int most) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(most)
        .forEach(point -> shown.appendCodePoint(harmless(point) ? point : 0xFFFD));
    if (text.codePoints().skip(most).findAny().isPresent()) {
      shown.append('…');
    }
    return shown.toString();
  }

  private static boolean harmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
