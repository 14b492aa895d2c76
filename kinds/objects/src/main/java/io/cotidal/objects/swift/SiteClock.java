package io.cotidal.objects.swift;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Request;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the clock by which a site stamps what is written there: that of its proxies. Nothing is
 * written. Every answer has the second in the id of its transaction, and in its date, which a
 * server in front may have set; several readings tell more than the second.
 */
public final class SiteClock {
  /** Swift's {@code tx}, 21 digits, and the second in ten hexadecimal digits. */
  private static final Pattern ID = Pattern.compile("tx[0-9a-f]{21}-([0-9a-f]{10}).*");

  private static final int MOST_READINGS = 40;

  private final SiteLine line;
  private final InstantSource clock;

  SiteClock(SiteLine line, InstantSource clock) {
    this.line = line;
    this.clock = clock;
  }

  /**
   * Asks until the bounds are no further apart than {@code precision}. One reading leaves a second
   * and the time that it took; each one more, for which up to a second is waited, halves that. It
   * gets no better than the way there and back takes.
   *
   * @param deadline at which what is known is given back
   * @throws SwiftTrouble if the first reading fails
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public SkewBounds read(Duration precision, Deadline deadline)
      throws SwiftTrouble, InterruptedException {
    SkewBounds bounds = reading(SkewBounds.UNKNOWN, deadline);
    Duration trip = Duration.ZERO;
    while (bounds.steady()
        && bounds.width().compareTo(precision) > 0
        && bounds.readings() < MOST_READINGS) {
      Duration wait = bounds.next(clock.instant(), trip);
      if (deadline.left().compareTo(wait.plusSeconds(1)) < 0) {
        return bounds;
      }
      deadline.pause(wait);
      Instant begin = clock.instant();
      SkewBounds better = reading(bounds, deadline);
      trip = Duration.between(begin, clock.instant()).dividedBy(2);
      bounds = better;
    }
    return bounds;
  }

  private SkewBounds reading(SkewBounds bounds, Deadline deadline) throws SwiftTrouble {
    Request request = Request.of("GET", line.beside("/info"), Headers.NONE);
    Instant sent = clock.instant();
    try (Answer answer = line.plain(request, deadline)) {
      Instant got = clock.instant();
      long second =
          second(answer)
              .orElseThrow(() -> line.troubles().broken(request, "the answer has no time"));
      return bounds.with(sent, got, second);
    }
  }

  private static OptionalLong second(Answer answer) {
    Matcher id = ID.matcher(answer.headers().first("X-Trans-Id").orElse(""));
    if (id.matches()) {
      return OptionalLong.of(Long.parseLong(id.group(1), 16));
    }
    try {
      String date = answer.headers().first("Date").orElse("");
      return OptionalLong.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond());
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }
}
