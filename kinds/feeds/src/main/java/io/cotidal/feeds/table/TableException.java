package io.cotidal.feeds.table;

/**
 * What was asked of a table came to nothing, or may have. Expected in normal work, so it has no
 * stack trace. Its message is one line: which table, why, and what to do.
 */
public final class TableException extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Why. */
  public enum Kind {
    /** The database gave no answer; whether the request took effect is open. */
    UNREACHABLE,
    /** The dump is not what it should be. Nothing of it is left. */
    REJECTED,
    /** Somebody held a lock for longer than we may wait. Nothing changed; later it may do. */
    BUSY,
    /** The database, or what lies in it, does not let us. Nothing changed. */
    FAILED
  }

  /** For {@code kind}, with one line. */
  public TableException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** Why. */
  public Kind kind() {
    return kind;
  }
}
