package io.cotidal.copies.plan;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lifetimes as people write them: {@code 90m}, {@code 8h}, {@code 2d}, seconds, {@code never}. */
public final class Lifetimes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd]?)");
  private static final Duration LONGEST = Duration.ofDays(3_660);

  private Lifetimes() {}

  /**
   * Reads a lifetime; zero is for ever.
   *
   * @throws IllegalArgumentException saying what can be written
   */
  public static Duration parse(String text) {
    if (text.equals("never")) {
      return Duration.ZERO;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw wrong(text);
    }
    long number = Long.parseLong(matcher.group(1));
    Duration length =
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        };
    if (length.compareTo(LONGEST) > 0) {
      throw wrong(text);
    }
    return length;
  }

  /** A lifetime as it can be read again. */
  public static String text(Duration length) {
    if (length.isZero()) {
      return "never";
    }
    long seconds = length.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 3_600 == 0
        ? seconds / 3_600 + "h"
        : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "ttl '" + text + "': write 90m, 8h, 2d, a number of seconds, or never (ten years at most)");
  }
}
