package io.cotidal.gateway.wire.message;

/** Bytes that are no message, or one that two readers might understand differently. */
public final class BadMessage extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;

  private final int status;

  /** Answered with 400. */
  public BadMessage(String reason) {
    this(BAD_REQUEST, reason);
  }

  /**
   * Answered otherwise.
   *
   * @param reason a line for whoever sent it, without what it sent
   */
  public BadMessage(int status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  /** With what it is answered if it was a request. */
  public int status() {
    return status;
  }

  /** What is wrong with it. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
