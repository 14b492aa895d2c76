package io.cotidal.feeds.filter;

/** What a text that is no filter is answered. */
final class Refusal {
  private static final int LONGEST = 40;

  private Refusal() {}

  /** The exception for what was found at {@code offset}. */
  static IllegalArgumentException at(String text, int offset, String found, String allowed) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < offset; i++) {
      boolean ends = text.charAt(i) == '\n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
    }
    return new IllegalArgumentException(
        "filter, line "
            + line
            + ", column "
            + column
            + ": found "
            + found
            + "; here may stand "
            + allowed);
  }

  /** A part of the text, on one line and not too long. */
  static String quoted(String part) {
    String line = line(part);
    return "`" + (line.length() > LONGEST ? clip(line, LONGEST) + "…" : line) + "`";
  }

  /** The text without what would end the line or move a terminal's cursor. */
  static String line(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(one ->
            shown.appendCodePoint(
                Character.isISOControl(one)
                        || one == 0x2028
                        || one == 0x2029
                        || Character.getType(one) == Character.FORMAT
                        || Character.getType(one) == Character.SURROGATE
                    ? ' '
                    : one));
    return shown.toString();
  }

  /** The first characters; a pair of surrogates is not torn. */
  static String clip(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end);
  }
}
