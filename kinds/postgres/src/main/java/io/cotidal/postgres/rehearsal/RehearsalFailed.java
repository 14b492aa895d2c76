package io.cotidal.postgres.rehearsal;

/** A rehearsal was not begun, or not brought to its end; the real cluster is as it was. */
public final class RehearsalFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** With one line: place, reason, remedy. */
  public RehearsalFailed(String line) {
    super(line);
  }

  /** The same, because of something else. */
  public RehearsalFailed(String line, Throwable cause) {
    super(line, cause);
  }

  /** The line. */
  public String line() {
    return String.valueOf(getMessage());
  }
}
