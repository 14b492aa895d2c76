package io.cotidal.lab.geoserver;

/** A call that is answered with a status and a reason. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(int status, String reason) {
    super(reason);
    this.status = status;
  }

  Answer answer() {
    return Answer.text(status, String.valueOf(getMessage()));
  }

  static Refusal missing(String what) {
    return new Refusal(404, "No such " + what);
  }
}
