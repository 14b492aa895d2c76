package io.cotidal.engine;

/**
 * Thrown by {@link Kind#prepare} for what cannot be begun now, or not by this caller, although it
 * is written well. The message is one line with place, reason and remedy.
 */
public final class Declined extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final Why why;

  /** Why something is declined. */
  public enum Why {
    /** There is no such thing. */
    NOT_FOUND,
    /** It is there already. */
    EXISTS,
    /** The caller may not: it belongs to somebody else. */
    FORBIDDEN,
    /** The caller, or all together, have as many as they may. */
    TOO_MANY,
    /** There is no room for it. */
    NO_ROOM,
    /** What it needs is being made. */
    NOT_YET
  }

  /** Declined for that reason. */
  public Declined(Why why, String message) {
    super(message);
    this.why = why;
  }

  /** The reason. */
  public Why why() {
    return why;
  }
}
