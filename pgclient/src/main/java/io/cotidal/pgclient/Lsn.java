package io.cotidal.pgclient;

/** A byte position in the write-ahead log, in the server's own notation. */
public final class Lsn {
  private Lsn() {}

  /**
   * The position that {@code text} writes as two hexadecimal halves, for example {@code
   * 16/B374D848}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static long parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0 && slash <= 8 && text.length() - slash - 1 <= 8) {
        long high = Long.parseLong(text, 0, slash, 16);
        long low = Long.parseLong(text, slash + 1, text.length(), 16);
        if (high >= 0 && low >= 0 && text.charAt(0) != '+' && text.charAt(slash + 1) != '+') {
          return high << 32 | low;
        }
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      // The one message below says what form is wanted.
    }
    throw new IllegalArgumentException(
        "position '"
            + text
            + "': write two hexadecimal numbers with a slash, for example 16/B374D848");
  }

  /** The server's notation of a position. */
  public static String format(long position) {
    return Long.toHexString(position >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(position & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
  }
}
