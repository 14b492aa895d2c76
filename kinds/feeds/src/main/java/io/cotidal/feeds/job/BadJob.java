package io.cotidal.feeds.job;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A job that cannot be understood or must not be done: place, reason and remedy, in one line. */
final class BadJob extends Exception {
  private static final long serialVersionUID = 1L;
  private static final Pattern LOGIN = Pattern.compile("//[^/@\\s]*@");
  private static final int LONGEST = 60;

  BadJob(String place, String reason) {
    super(place + ": " + reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  /** A value as a message may quote it: short, on one line, without what logs in somewhere. */
  static String quoted(@Nullable Object value) {
    String line = LOGIN.matcher(line(String.valueOf(value))).replaceAll("//***@");
    return "'" + (line.length() > LONGEST ? clipped(line) + "…" : line) + "'";
  }

  private static String clipped(String line) {
    int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return line.substring(0, end);
  }

  /** Without what would end the line or move a terminal's cursor. */
  static String line(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().forEach(one -> shown.appendCodePoint(Grammar.visible(one) ? one : '?'));
    return shown.toString();
  }
}
