package io.cotidal.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proposal, or the journalled run that became of it.
 *
 * @param id resource and number; the number is part of the stamp under which it acts
 * @param version of the operation type that wrote it; an owner resumes only versions that it knows
 * @param reason why it was wanted
 * @param note why it waits, failed, or needs attention; empty otherwise
 * @param key hash of type, input and basis; one live proposal a key
 * @param basis hash of the facts on which it rests
 * @param actor who wanted it
 * @param approvedBy who approved it; null if nobody had to, or has yet
 * @param idempotencyKey of the request that asked for it; null if it came from a plan
 * @param cancelRequested whether somebody wants it to end early
 * @param locks held while it is open
 * @param createdMicros wall time
 * @param approvedMicros wall time of the approval; 0 until it is approved
 * @param startedMicros wall time; 0 until it begins
 * @param endedMicros wall time; 0 until it ends
 * @param steps rows in the order of their sequence
 */
public record Operation(
    OperationId id,
    String type,
    int version,
    Details input,
    Risk risk,
    OperationState state,
    String reason,
    String note,
    String key,
    String basis,
    Actor actor,
    @Nullable Actor approvedBy,
    @Nullable String idempotencyKey,
    boolean cancelRequested,
    List<Lock> locks,
    long createdMicros,
    long approvedMicros,
    long startedMicros,
    long endedMicros,
    List<StepRecord> steps) {

  /** Copies the lists. */
  public Operation {
    locks = List.copyOf(locks);
    steps = List.copyOf(steps);
  }

  /** The operation's number in its resource. */
  public long number() {
    return id.number();
  }

  /** This operation in another state, with a note that says why. */
  public Operation in(OperationState newState, String newNote, Moment now) {
    Change change = new Change();
    change.nextState = newState;
    change.nextNote = newNote;
    if (startedMicros == 0 && newState == OperationState.RUNNING) {
      change.nextStartedMicros = now.micros();
    }
    change.nextEndedMicros = newState.ended() ? now.micros() : 0;
    return change.made();
  }

  /** This operation with other locks. */
  public Operation holding(List<Lock> newLocks) {
    Change change = new Change();
    change.nextLocks = newLocks;
    return change.made();
  }

  /** This operation, approved now. */
  public Operation approved(Actor by, Moment now) {
    Change change = new Change();
    change.nextApprovedBy = by;
    change.nextApprovedMicros = now.micros();
    return change.made();
  }

  /** This operation with the wish to end it early. */
  public Operation cancelling() {
    Change change = new Change();
    change.nextCancelRequested = true;
    return change.made();
  }

  /** This operation with {@code rows} as its steps. */
  public Operation withSteps(List<StepRecord> rows) {
    Change change = new Change();
    change.nextSteps = rows;
    return change.made();
  }

  /** This operation with {@code row} put in the place of the row of the same sequence, or added. */
  public Operation with(StepRecord row) {
    List<StepRecord> rows = new ArrayList<>(steps);
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).sequence() == row.sequence()) {
        rows.set(i, row);
        return withSteps(rows);
      }
    }
    rows.add(row);
    return withSteps(rows);
  }

  /** The latest row of the step {@code stepKey}, if there is one. */
  public Optional<StepRecord> step(String stepKey) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i).key().equals(stepKey)) {
        return Optional.of(steps.get(i));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a step past which there is no return has begun and is not known to have done nothing.
   */
  public boolean pastNoReturn() {
    return steps.stream()
        .anyMatch(row -> row.step().pointOfNoReturn() && row.state().mayHaveTakenEffect());
  }

  /** What can change in an operation's life; everything else stays as it was written down. */
  private final class Change {
    private OperationState nextState = state;
    private String nextNote = note;
    private @Nullable Actor nextApprovedBy = approvedBy;
    private boolean nextCancelRequested = cancelRequested;
    private List<Lock> nextLocks = locks;
    private long nextApprovedMicros = approvedMicros;
    private long nextStartedMicros = startedMicros;
    private long nextEndedMicros = endedMicros;
    private List<StepRecord> nextSteps = steps;

    private Operation made() {
      return new Operation(
          id,
          type,
          version,
          input,
          risk,
          nextState,
          reason,
          nextNote,
          key,
          basis,
          actor,
          nextApprovedBy,
          idempotencyKey,
          nextCancelRequested,
          nextLocks,
          createdMicros,
          nextApprovedMicros,
          nextStartedMicros,
          nextEndedMicros,
          nextSteps);
    }
  }
}
