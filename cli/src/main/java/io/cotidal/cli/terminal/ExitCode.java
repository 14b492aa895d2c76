package io.cotidal.cli.terminal;

/** What {@code cot} ends with; scripts rely on these numbers. */
public enum ExitCode {
  /** Done as asked. */
  OK(0),
  /** It was tried and failed, or the server could not be asked. */
  FAILED(1),
  /** The command line, or the request that it led to, makes no sense. */
  USAGE(2),
  /** {@code diff} found that something is wanted. */
  DRIFT(3),
  /** There is no such resource, operation, token. */
  NOT_FOUND(4),
  /** Something else is in the way. */
  CONFLICT(5),
  /** No token, an unknown one, or one that does not allow it. */
  NOT_ALLOWED(6),
  /** It has begun, or waits, and has not ended. */
  STILL_RUNNING(7),
  /** An operation cannot go on by itself. */
  ATTENTION(8);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }
}
