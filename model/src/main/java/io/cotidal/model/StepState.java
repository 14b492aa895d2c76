package io.cotidal.model;

/** Where a step's row stands in the journal. */
public enum StepState {
  /** Foreseen; its turn has not come. */
  PLANNED,
  /** Its intent is committed: the act may have begun, and may have taken effect. */
  INTENDED,
  /** Its effect was read back. */
  DONE,
  /** Its act was tried and is known not to have taken effect, or its failure was accepted. */
  FAILED,
  /** Its act was overtaken: a later plan of the same operation no longer has it. */
  ABANDONED;

  /** Whether the step's effect may be there. */
  public boolean mayHaveTakenEffect() {
    return switch (this) {
      case INTENDED, DONE, ABANDONED -> true;
      case PLANNED, FAILED -> false;
    };
  }
}
