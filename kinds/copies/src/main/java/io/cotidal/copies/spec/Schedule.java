package io.cotidal.copies.spec;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week (0 and 7
 * are Sunday), each with {@code *}, numbers, ranges, lists and steps. As in cron, a day matches if
 * either day field does, once both are restricted.
 */
public final class Schedule {
  /** After so many years without a match there is none: 29 February is at most eight years away. */
  private static final int YEARS = 9;

  /** No time zone in use skips more than this at once. */
  private static final Duration LONGEST_GAP = Duration.ofHours(2);

  private static final List<String> FIELDS =
      List.of("minute", "hour", "day of the month", "month", "day of the week");
  private static final int[] FIRST = {0, 0, 1, 1, 0};
  private static final int[] LAST = {59, 23, 31, 12, 7};

  private final String text;
  private final BitSet[] allowed = new BitSet[FIELDS.size()];
  private final boolean anyDay;
  private final boolean anyWeekday;

  private Schedule(String text, String[] fields) {
    this.text = text;
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] = field(i, fields[i]);
    }
    if (allowed[4].get(7)) {
      allowed[4].set(0);
    }
    this.anyDay = fields[2].startsWith("*");
    this.anyWeekday = fields[4].startsWith("*");
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  public static Schedule parse(String text) {
    String[] fields = text.strip().split("\\s+");
    if (fields.length != FIELDS.size()) {
      throw new IllegalArgumentException(
          "'" + text + "' has " + fields.length + " fields; write five, for example 0 3 * * *");
    }
    Schedule schedule = new Schedule(text.strip(), fields);
    ZonedDateTime start = ZonedDateTime.parse("2024-01-01T00:00:00Z");
    if (schedule.next(start).isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' names a day that never comes");
    }
    return schedule;
  }

  private static BitSet field(int index, String text) {
    BitSet bits = new BitSet();
    for (String part : text.split(",", -1)) {
      String[] stepped = part.split("/", -1);
      String[] range = stepped[0].split("-", -1);
      if (stepped.length > 2 || range.length > 2) {
        throw wrong(index, text);
      }
      boolean star = stepped[0].equals("*");
      int from = star ? FIRST[index] : number(index, range[0]);
      boolean alone = !star && range.length == 1 && stepped.length == 1;
      int to = alone ? from : range.length == 2 ? number(index, range[1]) : LAST[index];
      int step = stepped.length == 2 ? number(index, stepped[1]) : 1;
      if (from < FIRST[index] || to > LAST[index] || from > to || step < 1) {
        throw wrong(index, text);
      }
      for (int value = from; value <= to; value += step) {
        bits.set(value);
      }
    }
    return bits;
  }

  private static int number(int index, String text) {
    if (!text.matches("[0-9]{1,2}")) {
      throw wrong(index, text);
    }
    return Integer.parseInt(text);
  }

  private static IllegalArgumentException wrong(int index, String text) {
    return new IllegalArgumentException(
        FIELDS.get(index)
            + " '"
            + text
            + "': write *, or numbers from "
            + FIRST[index]
            + " to "
            + LAST[index]
            + " with commas, ranges a-b and steps /n");
  }

  /**
   * The first moment after {@code after} that matches, in its time zone; empty if none does. A time
   * that the clock skips comes when the clock has gone on, one that it passes twice counts once.
   */
  public Optional<ZonedDateTime> next(ZonedDateTime after) {
    LocalDateTime end = after.toLocalDateTime().plusYears(YEARS);
    LocalDateTime at = after.toLocalDateTime().truncatedTo(ChronoUnit.MINUTES).minus(LONGEST_GAP);
    while (at.isBefore(end)) {
      if (!allowed[3].get(at.getMonthValue())) {
        at = at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
      } else if (!day(at)) {
        at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!allowed[1].get(at.getHour())) {
        at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!allowed[0].get(at.getMinute()) || !at.atZone(after.getZone()).isAfter(after)) {
        at = at.plusMinutes(1);
      } else {
        return Optional.of(at.atZone(after.getZone()));
      }
    }
    return Optional.empty();
  }

  private boolean day(LocalDateTime at) {
    boolean ofMonth = allowed[2].get(at.getDayOfMonth());
    boolean ofWeek = allowed[4].get(at.getDayOfWeek().getValue() % 7);
    return (anyDay || anyWeekday) ? (ofMonth && ofWeek) : (ofMonth || ofWeek);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule schedule && text.equals(schedule.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
