package io.cotidal.objects.names;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * When something was written, as Swift counts it: in steps of ten microseconds since 1970. The
 * header {@code X-Timestamp} has it as {@code 1716000000.12345}, a listing as {@code
 * 2024-05-18T02:40:00.123450}. Of two writes of one object the later one stays.
 *
 * @param steps of ten microseconds since 1970, not negative
 */
public record Timestamp(long steps) implements Comparable<Timestamp> {
  /** Before everything that is ever written. */
  public static final Timestamp NEVER = new Timestamp(0);

  private static final int STEPS = 100_000;
  private static final int NANOS = 10_000;

  /** What Swift takes: at most ten digits, a point, five digits; an offset may follow. */
  private static final Pattern HEADER = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?(_[0-9a-f]{16})?");

  private static final Pattern LISTED =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?");

  /** Checks that it is not negative. */
  public Timestamp {
    if (steps < 0) {
      throw new IllegalArgumentException("a time before 1970");
    }
  }

  /**
   * Reads the header's form. An offset, which Swift's own tools add, is left out.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Timestamp parse(String header) {
    if (!HEADER.matcher(header).matches()) {
      throw new IllegalArgumentException("not a timestamp of Swift: " + shown(header));
    }
    String plain = header.replaceFirst("_.*", "");
    return new Timestamp(
        new BigDecimal(plain).movePointRight(5).setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  /**
   * Reads a listing's form, which is UTC.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Timestamp listed(String text) {
    if (!LISTED.matcher(text).matches()) {
      throw new IllegalArgumentException("not a time of a listing: " + shown(text));
    }
    return of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
  }

  /** The step in which {@code instant} lies. */
  public static Timestamp of(Instant instant) {
    return new Timestamp(
        Math.addExact(
            Math.multiplyExact(instant.getEpochSecond(), STEPS), instant.getNano() / NANOS));
  }

  private static String shown(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /** The next step: the smallest time that is later. */
  public Timestamp next() {
    return new Timestamp(Math.addExact(steps, 1));
  }

  /** The beginning of this step. */
  public Instant instant() {
    return Instant.ofEpochSecond(steps / STEPS, steps % STEPS * NANOS);
  }

  /** Whether this is later. */
  public boolean after(Timestamp other) {
    return steps > other.steps;
  }

  @Override
  public int compareTo(Timestamp other) {
    return Long.compare(steps, other.steps);
  }

  /** The header's form, as Swift itself writes it. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%010d.%05d", steps / STEPS, steps % STEPS);
  }
}
