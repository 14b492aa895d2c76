package io.cotidal.lab;

import io.cotidal.engine.Driver;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What every kind's driver promises, tried on a real member. Each trial answers the promises that
 * were broken, one sentence each; none is good.
 *
 * @param fresh a driver as a new process has it, that knows nothing of what others did; the trial
 *     closes it
 * @param traces all of the member's world that a look might change, but not the gate's memory;
 *     compared by {@code equals}
 * @param <F> the kind's facts
 */
public record DriverTrial<F>(Supplier<Driver<F>> fresh, MemberId member, Supplier<?> traces) {
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** A look changes nothing. */
  public List<String> looksOnly() {
    List<String> broken = new ArrayList<>();
    Object before = traces.get();
    try (Driver<F> driver = fresh.get()) {
      for (int look = 0; look < 3; look++) {
        driver.observe(member, LOOK);
      }
    }
    Object after = traces.get();
    if (!Objects.equals(before, after)) {
      broken.add("a look changed " + before + " to " + after);
    }
    return broken;
  }

  /**
   * An act whose effect is not there yet is asked for, lost, done, and its answer lost. Each
   * inspection is a new process's.
   *
   * @param stamp newer than any that the member's gate remembers
   */
  public List<String> tellsTheTruth(Step step, Stamp stamp) {
    List<String> broken = new ArrayList<>();
    expect(broken, "before the act", Inspection.NotApplied.class, inspect(step, turn(stamp, 2)));
    expect(broken, "an act that comes late", Outcome.Refused.class, act(step, turn(stamp, 1)));
    expect(broken, "after that", Inspection.NotApplied.class, inspect(step, turn(stamp, 3)));
    expect(broken, "the act", Outcome.Done.class, act(step, turn(stamp, 4)));
    expect(broken, "killed after the act", Inspection.Applied.class, inspect(step, turn(stamp, 5)));
    Stamp older = new Stamp(stamp.epoch() - 1, stamp.number() + 1);
    expect(broken, "an act of an older epoch", Outcome.Refused.class, act(step, older));
    return broken;
  }

  private static Stamp turn(Stamp stamp, long turn) {
    return new Stamp(stamp.epoch(), stamp.number(), stamp.turn() + turn);
  }

  private Inspection inspect(Step step, Stamp stamp) {
    try (Driver<F> driver = fresh.get()) {
      return driver.inspect(step, stamp);
    }
  }

  private Outcome act(Step step, Stamp stamp) {
    try (Driver<F> driver = fresh.get()) {
      return driver.act(step, stamp, progress -> {});
    }
  }

  private static void expect(List<String> broken, String when, Class<?> promised, Object answer) {
    if (!promised.isInstance(answer)) {
      broken.add(when + ": " + answer + ", not " + promised.getSimpleName());
    }
  }
}
