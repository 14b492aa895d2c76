package io.cotidal.remote;

/** Why an act did not do what it should; one line with place, reason and remedy. */
public final class ActFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean open;

  /**
   * Makes one.
   *
   * @param open whether it may have taken effect all the same
   */
  public ActFailed(String line, boolean open) {
    super(line);
    this.open = open;
  }

  /** It did not take effect. */
  public ActFailed(String line) {
    this(line, false);
  }

  /** It did not take effect, as {@code cause} says. */
  public static ActFailed because(Exception cause) {
    ActFailed failed = new ActFailed(line(cause));
    failed.initCause(cause);
    return failed;
  }

  /** Nobody knows whether it took effect. */
  public static ActFailed unknown(Exception cause) {
    ActFailed failed = new ActFailed(line(cause), true);
    failed.initCause(cause);
    return failed;
  }

  /** Whether it may have taken effect all the same. */
  public boolean open() {
    return open;
  }

  /** What went wrong, in the words of the exception. */
  public static String line(Exception problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }
}
