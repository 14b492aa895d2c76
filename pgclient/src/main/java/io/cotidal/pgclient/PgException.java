package io.cotidal.pgclient;

/**
 * A request to a server that came to nothing, or may have. Expected in normal work, so it has no
 * stack trace.
 */
public final class PgException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Trouble trouble;

  /** For {@code trouble}. */
  public PgException(Trouble trouble) {
    super(trouble.reason(), null, false, false);
    this.trouble = trouble;
  }

  /** What happened. */
  public Trouble trouble() {
    return trouble;
  }

  /** Whether the server answered with an error of that SQLSTATE. */
  public boolean rejected(String state) {
    return trouble instanceof Trouble.Rejected rejected && rejected.state().equals(state);
  }
}
