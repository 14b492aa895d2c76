package io.cotidal.gateway.reading;

/** Nobody can tell whether a client may see it, or what it is: it is not given. One line. */
final class Unsure extends Exception {
  private static final long serialVersionUID = 1L;

  Unsure(String reason) {
    super(reason);
  }
}
