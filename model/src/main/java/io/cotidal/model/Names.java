package io.cotidal.model;

/**
 * The one grammar for names that reach a path, an argument vector, SQL or a URL: a lower-case
 * letter or digit, then up to 62 lower-case letters, digits, dots, underscores or hyphens.
 */
public final class Names {
  private static final int LONGEST = 63;

  private Names() {}

  /** Whether {@code name} fits the grammar. */
  public static boolean valid(String name) {
    if (name.isEmpty() || name.length() > LONGEST || !letterOrDigit(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean twoDots = c == '.' && name.charAt(i - 1) == '.';
      if (twoDots || !(letterOrDigit(c) || c == '.' || c == '_' || c == '-')) {
        return false;
      }
    }
    return true;
  }

  private static boolean letterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /**
   * The name itself.
   *
   * @throws IllegalArgumentException naming {@code what} and the grammar, if the name does not fit
   *     it
   */
  public static String check(String what, String name) {
    if (!valid(name)) {
      throw new IllegalArgumentException(
          what
              + " '"
              + printable(name)
              + "': use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
    }
    return name;
  }

  /**
   * The text as a message may quote it: on one line, without characters that move a terminal's
   * cursor.
   */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(one ->
            shown.appendCodePoint(
                Character.isISOControl(one) || one == 0x2028 || one == 0x2029 ? '?' : one));
    return shown.toString();
  }
}
