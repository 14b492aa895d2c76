package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import java.util.List;
import java.util.Optional;

/**
 * An operation so far.
 *
 * @param operation its number: what it creates is named after it; 0 in a dry run
 * @param rows every row but the planned ones, in the order of their sequence
 * @param occasion why the rest is asked for
 */
public record Run(long operation, List<StepRecord> rows, Occasion occasion) {
  /** Why an operation type is asked for the rest. */
  public enum Occasion {
    /** Nothing has been done. */
    BEGIN,
    /** A decision point is done. */
    DECISION,
    /** A step has failed; its row says why. */
    FAILURE,
    /** Another owner goes on; intents may or may not have taken effect. */
    TAKE_OVER,
    /**
     * Somebody wants it to end early, and nothing is running; the rest is what must be put back.
     */
    CANCEL,
    /** It was waiting and the world has changed, or a person resumed it. */
    AGAIN
  }

  /** Copies the rows. */
  public Run {
    rows = List.copyOf(rows);
  }

  /** An operation of which nothing has been done. */
  public static Run begin() {
    return new Run(0, List.of(), Occasion.BEGIN);
  }

  /** The row with which the step {@code key} was done, if it was. */
  public Optional<StepRecord> done(String key) {
    return last(key).filter(row -> row.state() == StepState.DONE);
  }

  /** The latest row of the step {@code key}. */
  public Optional<StepRecord> last(String key) {
    for (int i = rows.size() - 1; i >= 0; i--) {
      if (rows.get(i).key().equals(key)) {
        return Optional.of(rows.get(i));
      }
    }
    return Optional.empty();
  }

  /** Whether the step {@code key} was done. */
  public boolean isDone(String key) {
    return done(key).isPresent();
  }

  /** The evidence with which the step {@code key} was done; empty if it was not. */
  public Details evidence(String key) {
    return done(key).map(StepRecord::evidence).orElse(Details.NONE);
  }

  /** How often the step {@code key} was tried and failed. */
  public int failures(String key) {
    return (int)
        rows.stream()
            .filter(row -> row.key().equals(key) && row.state() == StepState.FAILED)
            .count();
  }

  /** Why the step {@code key} failed last; empty if it did not. */
  public String problem(String key) {
    return last(key)
        .filter(row -> row.state() == StepState.FAILED)
        .map(StepRecord::problem)
        .orElse("");
  }
}
