package io.cotidal.feeds.table;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times as PostgreSQL writes them in the style ISO; none before Christ. */
final class Moments {
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
  private static final long SECOND = 1_000_000;
  private static final String DAY = "([0-9]{4})-([0-9]{2})-([0-9]{2})";
  private static final String TIME = " ([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,6}))?";
  private static final Pattern DATE = Pattern.compile(DAY);
  private static final Pattern LOCAL = Pattern.compile(DAY + TIME);
  private static final Pattern ZONED =
      Pattern.compile(DAY + TIME + "([+-])([0-9]{2})(?::([0-9]{2}))?(?::([0-9]{2}))?");

  private Moments() {}

  /** Days since the beginning of 2000. */
  static Optional<Integer> days(String text) {
    Matcher found = DATE.matcher(text);
    if (found.matches()) {
      return day(found).map(day -> (int) (day.toEpochDay() - EPOCH.toEpochDay()));
    }
    return switch (text) {
      case "infinity" -> Optional.of(Integer.MAX_VALUE);
      case "-infinity" -> Optional.of(Integer.MIN_VALUE);
      default -> Optional.empty();
    };
  }

  /** Microseconds since the beginning of 2000 in that place. */
  static Optional<Long> local(String text) {
    Matcher found = LOCAL.matcher(text);
    return found.matches() ? micros(found) : endless(text);
  }

  /** Microseconds since the beginning of 2000 in Greenwich. */
  static Optional<Long> zoned(String text) {
    Matcher found = ZONED.matcher(text);
    if (!found.matches()) {
      return endless(text);
    }
    long east = 3600L * number(found, 9) + 60L * number(found, 10) + number(found, 11);
    long seconds = "-".equals(found.group(8)) ? -east : east;
    return micros(found).map(micros -> micros - seconds * SECOND);
  }

  private static Optional<Long> endless(String text) {
    return switch (text) {
      case "infinity" -> Optional.of(Long.MAX_VALUE);
      case "-infinity" -> Optional.of(Long.MIN_VALUE);
      default -> Optional.empty();
    };
  }

  private static Optional<LocalDate> day(Matcher found) {
    try {
      LocalDate day = LocalDate.of(number(found, 1), number(found, 2), number(found, 3));
      return day.getYear() > 0 ? Optional.of(day) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> micros(Matcher found) {
    try {
      LocalTime time = LocalTime.of(number(found, 4), number(found, 5), number(found, 6));
      String fraction = Optional.ofNullable(found.group(7)).orElse("");
      long micros = Long.parseLong((fraction + "000000").substring(0, 6));
      return day(found)
          .map(day -> LocalDateTime.of(day, time).toEpochSecond(ZoneOffset.UTC))
          .map(seconds -> (seconds - EPOCH.toEpochDay() * 86_400) * SECOND + micros);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher found, int group) {
    return Optional.ofNullable(found.group(group)).map(Integer::parseInt).orElse(0);
  }
}
