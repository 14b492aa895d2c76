package io.cotidal.model;

/** Where an operation stands. */
public enum OperationState {
  /** Written down; waits for an approval. */
  PROPOSED,
  /** Approved or automatic; waits for locks. */
  QUEUED,
  /** Its steps are being done. */
  RUNNING,
  /** Begun, and waiting for something that it names. */
  WAITING,
  /** It cannot go on by itself; a person must resume or resolve it. */
  ATTENTION,
  /** Cancelled while acts were under way; it ends when they have. */
  CANCELLING,
  /** Ended well. */
  DONE,
  /** Ended badly; the reason stands in its note. */
  FAILED,
  /** Ended by a person or by an operation that preempts it. */
  CANCELLED,
  /** A proposal that a later plan no longer has. */
  SUPERSEDED;

  /** Whether nothing more will happen to it. */
  public boolean ended() {
    return switch (this) {
      case DONE, FAILED, CANCELLED, SUPERSEDED -> true;
      case PROPOSED, QUEUED, RUNNING, WAITING, ATTENTION, CANCELLING -> false;
    };
  }

  /** Whether it has begun and not ended. */
  public boolean underWay() {
    return switch (this) {
      case RUNNING, WAITING, CANCELLING -> true;
      case PROPOSED, QUEUED, ATTENTION, DONE, FAILED, CANCELLED, SUPERSEDED -> false;
    };
  }
}
