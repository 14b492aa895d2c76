package io.cotidal.gateway.outbox;

/** The outbox could not be opened or written to; one line with place, reason and remedy. */
public final class OutboxFailed extends Exception {
  private static final long serialVersionUID = 1L;

  OutboxFailed(String line) {
    super(line);
  }

  OutboxFailed(String line, Throwable cause) {
    super(line, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
