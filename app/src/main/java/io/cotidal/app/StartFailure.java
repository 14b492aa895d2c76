package io.cotidal.app;

/** A daemon could not start. The message is one line: place, reason, remedy. */
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** With the line and what led to it. */
  public StartFailure(String line, Throwable cause) {
    super(line, cause);
  }
}
