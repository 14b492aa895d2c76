package io.cotidal.copies.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class ScheduleTest {
  private static ZonedDateTime at(String text) {
    return ZonedDateTime.parse(text);
  }

  @ParameterizedTest(name = "{0} after {1}")
  @CsvSource({
    "0 3 * * *,      2026-11-21T02:59:59Z, 2026-11-21T03:00Z",
    "0 3 * * *,      2026-11-21T03:00:00Z, 2026-11-22T03:00Z",
    "*/15 * * * *,   2026-11-21T10:07:00Z, 2026-11-21T10:15Z",
    "5/20 * * * *,   2026-11-21T10:26:00Z, 2026-11-21T10:45Z",
    "0 9-17/4 * * *, 2026-11-21T10:00:00Z, 2026-11-21T13:00Z",
    "30 1 1 * *,     2026-11-21T00:00:00Z, 2026-12-01T01:30Z",
    "0 0 31 * *,     2026-04-01T00:00:00Z, 2026-05-31T00:00Z",
    "0 0 29 2 *,     2026-01-01T00:00:00Z, 2028-02-29T00:00Z",
    "0 0 29 2 *,     2096-03-01T00:00:00Z, 2104-02-29T00:00Z",
    "0 0 * * 0,      2026-11-21T00:00:00Z, 2026-11-22T00:00Z",
    "0 0 * * 7,      2026-11-21T00:00:00Z, 2026-11-22T00:00Z",
    "0 0 * * 5-7,    2026-11-22T00:00:00Z, 2026-11-27T00:00Z",
    "0 0 13 * 5,     2026-11-21T00:00:00Z, 2026-11-27T00:00Z",
    "0 0 13 * */2,   2026-11-21T00:00:00Z, 2026-12-13T00:00Z",
    "0 0 * 1-3 *,    2026-11-21T00:00:00Z, 2027-01-01T00:00Z",
    "59 23 31 12 *,  2026-11-21T00:00:00Z, 2026-12-31T23:59Z"
  })
  @DisplayName("The next time is the one that cron would take")
  void next(String schedule, String after, String expected) {
    assertThat(Schedule.parse(schedule).next(at(after))).contains(at(expected));
  }

  @Test
  @DisplayName("A time that the clock skips in spring comes once, when the clock goes on")
  void skipped() {
    Schedule schedule = Schedule.parse("30 2 * * *");
    ZonedDateTime before = at("2026-03-28T12:00+01:00[Europe/Berlin]");
    assertThat(times(schedule, before, 2))
        .containsExactly(
            at("2026-03-29T03:30+02:00[Europe/Berlin]"),
            at("2026-03-30T02:30+02:00[Europe/Berlin]"));
  }

  @Test
  @DisplayName("A time that comes twice in autumn counts once")
  void twice() {
    Schedule schedule = Schedule.parse("30 2 * * *");
    ZonedDateTime before = at("2026-10-24T12:00+02:00[Europe/Berlin]");
    assertThat(times(schedule, before, 2))
        .containsExactly(
            at("2026-10-25T02:30+02:00[Europe/Berlin]"),
            at("2026-10-26T02:30+01:00[Europe/Berlin]"));
  }

  @Test
  @DisplayName("Times rise through both changes of the clock, from every minute on")
  void rising() {
    Schedule schedule = Schedule.parse("*/20 * * * *");
    for (String change : List.of("2026-03-28T23:00Z", "2026-10-24T22:00Z")) {
      for (int minute = 0; minute < 300; minute++) {
        ZonedDateTime after =
            at(change)
                .plusMinutes(minute)
                .withZoneSameInstant(java.time.ZoneId.of("Europe/Berlin"));
        assertThat(schedule.next(after).orElseThrow().toInstant()).isAfter(after.toInstant());
      }
    }
  }

  private static List<ZonedDateTime> times(Schedule schedule, ZonedDateTime after, int count) {
    List<ZonedDateTime> times = new ArrayList<>();
    ZonedDateTime last = after;
    for (int i = 0; i < count; i++) {
      last = schedule.next(last).orElseThrow();
      times.add(last);
    }
    return times;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * 0 *",
        "* * * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "1,,2 * * * *",
        "1- * * * *",
        "-1 * * * *",
        "*/1/2 * * * *",
        "* * * jan *",
        "100 * * * *",
        "0 0 30 2 *",
        "@daily"
      })
  @DisplayName("What is no schedule is refused")
  void refused(String text) {
    assertThatThrownBy(() -> Schedule.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("A wrong field is named, with what can be written there")
  void namesTheField() {
    assertThatThrownBy(() -> Schedule.parse("0 25 * * *"))
        .hasMessageContaining("hour '25'")
        .hasMessageContaining("from 0 to 23");
  }
}
