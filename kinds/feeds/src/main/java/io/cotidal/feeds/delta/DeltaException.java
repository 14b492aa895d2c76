package io.cotidal.feeds.delta;

/**
 * A delta that cannot be made or used; the table is as it was before. One line: place, reason,
 * remedy.
 */
public final class DeltaException extends Exception {
  private static final long serialVersionUID = 1;

  /** What kind of reason. In every case a full load is the way on. */
  public enum Why {
    /** The file is not whole, not a delta, or beyond the limits. */
    CORRUPT,
    /** The table has other columns, types or keys than the delta. */
    SCHEMA,
    /** The table does not hold what the delta was made from, or not what it must hold after it. */
    CONTENT,
    /** Rows of this table cannot be told apart, or not be compared, by a delta. */
    UNFIT,
    /** A file of ours cannot be read or written. */
    FILE
  }

  private final Why why;
  private final String line;

  /** With that line. */
  public DeltaException(Why why, String line) {
    super(line, null, false, false);
    this.why = why;
    this.line = line;
  }

  /** What kind of reason. */
  public Why why() {
    return why;
  }

  /** The line. */
  public String line() {
    return line;
  }
}
