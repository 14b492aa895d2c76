package io.cotidal.copies.database;

/**
 * What an engine could not do; the message is one line with reason and remedy, without a secret.
 */
public final class EngineException extends Exception {
  private static final long serialVersionUID = 1;

  /** With that message. */
  public EngineException(String message) {
    super(message);
  }

  /** With that message, because of {@code cause}. */
  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
