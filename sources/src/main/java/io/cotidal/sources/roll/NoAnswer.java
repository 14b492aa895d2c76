package io.cotidal.sources.roll;

/**
 * A source gave nothing that can be believed. The message is one line: reason and remedy, without
 * the source.
 */
public final class NoAnswer extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a reason and its remedy. */
  public NoAnswer(String message) {
    super(message);
  }

  /** With a reason and its remedy, and what it follows from. */
  public NoAnswer(String message, Throwable cause) {
    super(message, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
