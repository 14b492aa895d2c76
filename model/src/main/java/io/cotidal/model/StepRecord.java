package io.cotidal.model;

/**
 * A step's row in the journal.
 *
 * @param sequence its place in the operation; unique there, rising
 * @param attempt 1 for the first; a later attempt inspects before it acts
 * @param epoch the leadership that committed the intent
 * @param evidence what the act read back
 * @param problem what went wrong; empty if nothing did
 * @param startedMicros wall time of the intent; 0 while planned
 * @param endedMicros wall time of the end; 0 until then
 */
public record StepRecord(
    int sequence,
    Step step,
    int attempt,
    StepState state,
    long epoch,
    Details evidence,
    String problem,
    long startedMicros,
    long endedMicros) {

  /** The step's key. */
  public String key() {
    return step.key();
  }

  /** A row for a step whose turn has not come. */
  public static StepRecord planned(int sequence, Step step, int attempt) {
    return new StepRecord(sequence, step, attempt, StepState.PLANNED, 0, Details.NONE, "", 0, 0);
  }

  /** This row with its intent written. */
  public StepRecord intended(long inEpoch, Moment now) {
    return new StepRecord(
        sequence, step, attempt, StepState.INTENDED, inEpoch, evidence, problem, now.micros(), 0);
  }

  /** This row, ended. */
  public StepRecord ended(StepState end, Details found, String why, Moment now) {
    return new StepRecord(
        sequence, step, attempt, end, epoch, found, why, startedMicros, now.micros());
  }
}
