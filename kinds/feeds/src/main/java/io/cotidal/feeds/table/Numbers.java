package io.cotidal.feeds.table;

import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as PostgreSQL writes them. */
final class Numbers {
  /** What {@link #whole} gives for what is no number; none that it gives else. */
  static final long NONE = Long.MIN_VALUE;

  private static final Pattern REAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(e[+-][0-9]{2,3})?");
  private static final Pattern ZERO = Pattern.compile("-?[0.]+(e.*)?");
  private static final int MOST_DIGITS = 400;
  private static final int GROUP = 4;
  private static final int NEGATIVE = 0x4000;
  private static final int NOT_A_NUMBER = 0xC000;

  private Numbers() {}

  /** A whole number of at most so many digits, nineteen or less. */
  static long whole(byte[] text, int from, int to, int digits) {
    boolean negative = from < to && text[from] == '-';
    int first = negative ? from + 1 : from;
    if (to - first < 1 || to - first > digits) {
      return NONE;
    }
    long value = 0;
    for (int i = first; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return NONE;
      }
      value = value * 10 + text[i] - '0';
    }
    // Nineteen digits may be too much, but wrap no further than to below nothing.
    if (value < 0) {
      return NONE;
    }
    return negative ? -value : value;
  }

  /** A number of double precision, if there is no doubt which. */
  static Optional<Double> real(String text) {
    if (REAL.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      boolean lost = Double.isInfinite(value) || (value == 0 && !ZERO.matcher(text).matches());
      return lost ? Optional.empty() : Optional.of(value);
    }
    return switch (text) {
      case "NaN" -> Optional.of(Double.NaN);
      case "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
      default -> Optional.empty();
    };
  }

  /** A decimal number: groups of four digits, counted from the point. */
  static boolean numeric(byte[] text, int from, int to, Growing out) {
    if (to - from == 3 && text[from] == 'N' && text[from + 1] == 'a' && text[from + 2] == 'N') {
      head(out, 0, 0, NOT_A_NUMBER, 0);
      return true;
    }
    boolean negative = from < to && text[from] == '-';
    int first = negative ? from + 1 : from;
    int point = first;
    while (point < to && text[point] != '.') {
      point++;
    }
    int scale = Math.max(0, to - point - 1);
    if (point == first || to - point == 1 || to - first > MOST_DIGITS) {
      return false;
    }
    int before = (point - first + GROUP - 1) / GROUP;
    int groups = before + (scale + GROUP - 1) / GROUP;
    head(out, groups, before - 1, negative ? NEGATIVE : 0, scale);
    boolean good = true;
    for (int group = 0; group < groups; group++) {
      int value = 0;
      for (int i = 0; i < GROUP; i++) {
        int place = (group - before) * GROUP + i;
        int digit = digit(text, place < 0 ? point + place : point + 1 + place, first, to);
        good &= digit >= 0;
        value = value * 10 + digit;
      }
      out.two(value);
    }
    return good;
  }

  /** Zero beside the number; negative if it is no digit. */
  private static int digit(byte[] text, int at, int first, int to) {
    if (at < first || at >= to) {
      return 0;
    }
    int digit = text[at] - '0';
    return digit > 9 ? -1 : digit;
  }

  private static void head(Growing out, int groups, int weight, int sign, int scale) {
    out.two(groups);
    out.two(weight);
    out.two(sign);
    out.two(scale);
  }
}
