package io.cotidal.cli.api;

/** No answer came, and it is known whether the request can have had an effect. */
public final class Unreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;

  Unreachable(String reason, boolean sent) {
    super(reason, null, false, false);
    this.sent = sent;
  }

  /** Whether the server may have acted on the request: the connection stood when it was lost. */
  public boolean sent() {
    return sent;
  }

  /** Why there was no answer, in a few words. */
  public String reason() {
    String message = getMessage();
    return message == null ? "no answer" : message;
  }
}
