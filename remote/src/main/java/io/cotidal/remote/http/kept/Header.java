package io.cotidal.remote.http.kept;

import java.nio.charset.StandardCharsets;

/**
 * One line of a head. Each character of the value is one byte of it, so that what is not ASCII
 * comes and goes unchanged.
 *
 * @param name as it was written; names that differ in case only are one name
 * @param value without the blanks around it
 */
public record Header(String name, String value) {
  private static final String MARKS = "!#$%&'*+-.^_`|~";

  /**
   * Checks that nothing in it could end a line.
   *
   * @throws IllegalArgumentException that quotes nothing of the value, which may be secret
   */
  public Header {
    if (!isName(name)) {
      throw new IllegalArgumentException("a header has a name that is none");
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException("the header " + name + " holds what no header may");
    }
  }

  /** One whose value is any text, in UTF-8. */
  public static Header text(String name, String value) {
    return new Header(
        name, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  static boolean isName(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> letterOrDigit(c) || MARKS.indexOf(c) >= 0);
  }

  static boolean isValue(String value) {
    return value.chars().allMatch(c -> (c >= ' ' && c != 127 && c <= 255) || c == '\t');
  }

  private static boolean letterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** The value, read as UTF-8; what is no UTF-8 is replaced. */
  public String text() {
    return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Its name: a value may be secret. */
  @Override
  public String toString() {
    return name + ": …";
  }
}
