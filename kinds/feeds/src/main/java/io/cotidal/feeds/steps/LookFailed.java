package io.cotidal.feeds.steps;

/** Why a look at a member gave no facts. */
final class LookFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final What what;

  /** What kind of failure. */
  enum What {
    /** Nothing listens there. */
    REFUSED,
    /** No answer in time. */
    SILENT,
    /** Something answered, but not what was asked. */
    CANNOT_TELL
  }

  LookFailed(What what, Exception cause) {
    super(ActFailed.line(cause), cause);
    this.what = what;
  }

  What what() {
    return what;
  }

  /** The reason, in one line. */
  String line() {
    return ActFailed.line(this);
  }
}
