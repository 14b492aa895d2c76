package io.cotidal.remote.http;

/** Words of others, fit for a line of ours. */
final class Words {
  private static final int LONGEST = 120;

  private Words() {}

  static String line(Throwable trouble) {
    String message = trouble.getMessage();
    return line(message == null ? trouble.getClass().getSimpleName() : message);
  }

  static String line(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(one ->
            shown.appendCodePoint(
                Character.isISOControl(one) || one == 0x2028 || one == 0x2029 ? '?' : one));
    return shown.toString();
  }
}
