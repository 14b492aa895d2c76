package io.cotidal.sources.asking;

import io.cotidal.engine.MemberSource;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.SourceAnswer.Members;
import io.cotidal.model.SourceAnswer.Unavailable;
import io.cotidal.remote.Deadline;
import io.cotidal.sources.places.Place;
import io.cotidal.sources.places.Reading;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.spec.Habits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A place that is asked again and again. An answer that differs from the one before is told at
 * once, and so is each failure; between failures the pauses double. What the place said last stays
 * in memory: it is told again when patience ends without news, and a place that must decide who
 * stays is given it. Asked by one thread at a time.
 */
public final class Asking implements MemberSource {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Between two questions to a place that says by itself when something has changed. */
  private static final Duration BREATH = Duration.ofMillis(200);

  private final Place place;
  private final Habits habits;
  private final Aside aside;
  private Optional<Reading> last = Optional.empty();
  private Optional<SourceAnswer> told = Optional.empty();
  private Deadline next = Deadline.in(Duration.ZERO);
  private int failures;

  /**
   * Asks {@code place}.
   *
   * @param executor runs each question on a thread that nobody else needs, best a virtual one
   */
  public Asking(Place place, Habits habits, Executor executor) {
    this.place = place;
    this.habits = habits;
    this.aside = new Aside(executor);
  }

  @Override
  public SourceAnswer ask(Duration patience) {
    Deadline end = Deadline.in(patience);
    boolean due = next.over();
    try {
      while (due ? !aside.closed() : aside.pause(next.left(), end)) {
        if (!due && end.left().compareTo(place.timeout()) < 0) {
          // A question that is begun now could not be finished: whoever asks again gives it time.
          break;
        }
        due = false;
        Optional<SourceAnswer> news = question(end);
        if (news.isPresent()) {
          told = news;
          return news.get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unavailable(describe() + ": interrupted while asking: ask again");
    }
    if (aside.closed()) {
      return new Unavailable(describe() + ": it is not asked any more");
    }
    return told.orElseGet(
        () -> new Unavailable(describe() + ": not asked yet: be patient for longer"));
  }

  private Optional<SourceAnswer> question(Deadline end) throws InterruptedException {
    Duration spare = end.left().minus(place.timeout());
    Duration most = spare.compareTo(habits.period()) > 0 ? habits.period() : spare;
    boolean heard = told.filter(Members.class::isInstance).isPresent();
    Duration wait = heard && most.isPositive() ? most : Duration.ZERO;
    Optional<Reading> before = last;
    try {
      Reading reading =
          aside.call(
              () -> place.read(before, wait),
              wait.plus(place.timeout()).compareTo(end.left()) < 0
                  ? Deadline.in(wait.plus(place.timeout()))
                  : end);
      if (reading.members().isEmpty() && !habits.believesEmpty()) {
        throw new NoAnswer(
            "it names no members, which is not believed: correct it, or say that it may be empty");
      }
      failures = 0;
      last = Optional.of(reading);
      next = Deadline.in(place.waits() ? BREATH : habits.period());
      Members answer = new Members(reading.members());
      return News.same(told, answer) ? Optional.empty() : Optional.of(answer);
    } catch (NoAnswer e) {
      return Optional.of(failed(e.getMessage()));
    } catch (RuntimeException e) {
      // Whatever a place does, its resource goes on: the caller shows the reason.
      return Optional.of(
          failed("asking failed (" + Words.quote(e.toString()) + "): report this defect"));
    }
  }

  private SourceAnswer failed(String reason) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 16));
    failures++;
    next = Deadline.in(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    return new Unavailable(describe() + ": " + reason);
  }

  @Override
  public String describe() {
    return place.describe();
  }

  @Override
  public void close() {
    aside.close();
    place.close();
  }
}
