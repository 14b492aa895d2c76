package io.cotidal.cli.terminal;

/** Ends a command. Its message is one line: what went wrong and why; then what to do next. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;
  private final String next;

  /**
   * A failure.
   *
   * @param what one sentence without a full stop: what went wrong and why
   * @param next what to do about it, a command if there is one; empty if there is nothing
   */
  public Failure(ExitCode exit, String what, String next) {
    // No stack trace and no suppression: this is an answer, not a fault of the program.
    super(what, null, false, false);
    this.exit = exit;
    this.next = next;
  }

  /** The command line makes no sense. */
  public static Failure usage(String what, String next) {
    return new Failure(ExitCode.USAGE, what, next);
  }

  /** What {@code cot} ends with. */
  public ExitCode exit() {
    return exit;
  }

  /** What went wrong, without the remedy. */
  public String what() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** What to do about it; empty if there is nothing. */
  public String next() {
    return next;
  }

  /** This failure with another remedy. */
  public Failure withNext(String newNext) {
    return new Failure(exit, what(), newNext);
  }

  /** What went wrong and what to do about it, in one line. */
  public String line() {
    return Text.plain(next.isEmpty() ? what() : what() + "; " + next);
  }
}
