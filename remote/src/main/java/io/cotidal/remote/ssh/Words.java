package io.cotidal.remote.ssh;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Texts as single words that every shell leaves alone. */
public final class Words {
  private static final String PLAIN = "._/:=,@+%-";

  private Words() {}

  /**
   * A text for a request: {@code =}, then letters, digits and {@code ._/:=,@+%-} as they are, every
   * other byte as {@code \0} and three octal digits.
   *
   * @throws IllegalArgumentException if it holds a zero byte
   */
  public static String text(String text) {
    StringBuilder word = new StringBuilder(text.length() + 1).append('=');
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      int value = each & 0xff;
      if (value == 0) {
        throw new IllegalArgumentException("a text with a zero byte cannot be sent");
      }
      boolean plain =
          value < 0x80 && (Character.isLetterOrDigit(value) || PLAIN.indexOf(value) >= 0);
      if (plain) {
        word.append((char) value);
      } else {
        word.append("\\0")
            .append((char) ('0' + (value >> 6)))
            .append((char) ('0' + (value >> 3 & 7)))
            .append((char) ('0' + (value & 7)));
      }
    }
    return word.toString();
  }

  /**
   * The bytes of a text in an answer: {@code x} and hexadecimal digits.
   *
   * @throws IllegalArgumentException if the word has another form
   */
  public static byte[] bytes(String word) {
    if (!word.startsWith("x")) {
      throw new IllegalArgumentException("'" + printable(word) + "' is no text");
    }
    return HexFormat.of().parseHex(word, 1, word.length());
  }

  /** What can be shown of a text: other characters become question marks. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars().forEach(c -> shown.append(c < ' ' || c > '~' ? '?' : (char) c));
    return shown.toString();
  }
}
