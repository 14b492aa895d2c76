package io.cotidal.gateway.wire.message;

/** Which bytes may be where in a head. */
final class Letters {
  private static final String TOKEN =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final boolean[] TOKENS = new boolean[256];
  private static final int DELETE = 0x7f;

  static {
    for (int i = 0; i < TOKEN.length(); i++) {
      TOKENS[TOKEN.charAt(i)] = true;
    }
  }

  private Letters() {}

  /** In the name of a method or of a field. */
  static boolean token(byte letter) {
    return TOKENS[letter & 0xff];
  }

  /** In a target: all that is neither a blank nor a control character. UTF-8 is let pass. */
  static boolean target(byte letter) {
    int value = letter & 0xff;
    return value > ' ' && value != DELETE;
  }

  /** In the value of a field: no control character but the tabulator. */
  static boolean value(byte letter) {
    int value = letter & 0xff;
    return (value >= ' ' && value != DELETE) || value == '\t';
  }

  /** A blank, as may stand around a value. */
  static boolean blank(byte letter) {
    return letter == ' ' || letter == '\t';
  }

  /** What a hexadecimal digit is worth; negative for what is none. */
  static int hex(byte letter) {
    if (letter >= '0' && letter <= '9') {
      return letter - '0';
    }
    int small = letter | 0x20;
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  }
}
