package io.cotidal.remote.http;

/** No answer could be had. The message is one line: reason and remedy, without the place. */
public final class HttpTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a reason and its remedy. */
  public HttpTrouble(String message) {
    super(message);
  }

  /** With a reason and its remedy, and what it follows from. */
  public HttpTrouble(String message, Throwable cause) {
    super(message, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
