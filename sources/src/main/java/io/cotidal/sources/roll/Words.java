package io.cotidal.sources.roll;

/** Words of others, fit for a line of ours. */
public final class Words {
  private static final int LONGEST = 80;

  private Words() {}

  /**
   * The beginning of {@code text} in quotes, on one line, without characters that move a cursor.
   */
  public static String quote(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(LONGEST)
        .forEach(one ->
            shown.appendCodePoint(
                Character.isISOControl(one) || one == 0x2028 || one == 0x2029 ? '?' : one));
    return shown.append(text.codePointCount(0, text.length()) > LONGEST ? "…'" : "'").toString();
  }
}
