package io.cotidal.objects.steps;

/** Why an act did not do what it should; one line with place, reason and remedy. */
final class ActFailed extends Exception {
  private static final long serialVersionUID = 1;

  ActFailed(String line) {
    super(line);
  }

  /** As {@code cause} says. */
  ActFailed(Exception cause) {
    super(line(cause), cause);
  }

  /** What went wrong, in the words of the exception. */
  static String line(Exception problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }
}
