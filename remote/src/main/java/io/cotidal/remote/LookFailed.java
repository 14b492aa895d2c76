package io.cotidal.remote;

/** Why a look at a member gave no facts. */
public final class LookFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final What what;

  /** What kind of failure. */
  public enum What {
    /** Nothing listens there. */
    REFUSED,
    /** No answer in time. */
    SILENT,
    /** Something answered, but not what was asked. */
    CANNOT_TELL
  }

  /** Of that kind, as {@code cause} says. */
  public LookFailed(What what, Exception cause) {
    super(ActFailed.line(cause), cause);
    this.what = what;
  }

  /** What kind it was. */
  public What what() {
    return what;
  }

  /** The reason, in one line. */
  public String line() {
    return ActFailed.line(this);
  }
}
