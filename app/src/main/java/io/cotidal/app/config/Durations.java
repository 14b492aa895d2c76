package io.cotidal.app.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them: {@code 200ms}, {@code 1.5s}, {@code 2m}, {@code 1h}. */
final class Durations {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(ms|s|m|h)");

  private Durations() {}

  /** The duration, if the text is one. */
  static Optional<Duration> read(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long nanos =
        switch (matcher.group(2)) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        };
    BigDecimal exact = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanos));
    // At most 10^9 hours: more than a long of nanoseconds holds.
    BigDecimal second = BigDecimal.valueOf(1_000_000_000L);
    long seconds = exact.divideToIntegralValue(second).longValueExact();
    return Optional.of(Duration.ofSeconds(seconds, exact.remainder(second).longValue()));
  }

  /** The shortest text that reads back as {@code duration}, for whole milliseconds. */
  static String show(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0 && millis > 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + "m";
    }
    if (millis >= 1_000) {
      return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }
    return millis + "ms";
  }
}
