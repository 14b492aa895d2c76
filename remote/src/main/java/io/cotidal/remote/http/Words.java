package io.cotidal.remote.http;

/** Words of others, fit for a line of ours. */
public final class Words {
  private static final int LONGEST = 120;

  private Words() {}

  /** What a trouble says, or what it is. */
  public static String line(Throwable trouble) {
    String message = trouble.getMessage();
    return line(message == null ? trouble.getClass().getSimpleName() : message);
  }

  /** Without anything that could end a line or play with a terminal; cut after 120 characters. */
  public static String line(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(one ->
            shown.appendCodePoint(
                Character.isISOControl(one) || one == 0x2028 || one == 0x2029 ? '?' : one));
    return shown.toString();
  }
}
