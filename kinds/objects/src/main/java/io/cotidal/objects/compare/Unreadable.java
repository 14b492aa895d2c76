package io.cotidal.objects.compare;

/** Rows that could not be read to their end. What was not read is unknown, and never absent. */
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: where, why, and what helps
   */
  public Unreadable(String message) {
    super(message);
  }

  /** The same with its cause, for the log. */
  public Unreadable(String message, Throwable cause) {
    super(message, cause);
  }
}
