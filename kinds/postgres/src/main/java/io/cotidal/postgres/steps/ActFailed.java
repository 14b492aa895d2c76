package io.cotidal.postgres.steps;

/**
 * An act that is known not to have taken effect, or to be impossible. Expected in normal work: no
 * stack trace.
 */
class ActFailed extends Exception {
  private static final long serialVersionUID = 1;

  ActFailed(String reason) {
    super(reason, null, false, false);
  }
}
