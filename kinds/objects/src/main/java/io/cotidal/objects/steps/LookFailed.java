package io.cotidal.objects.steps;

import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.http.kept.CallFailed;

/** Why a look at a site gave no facts. */
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

  private LookFailed(What what, Exception cause) {
    super(ActFailed.line(cause), cause);
    this.what = what;
  }

  static LookFailed of(SwiftTrouble trouble) {
    What what =
        switch (trouble.why()) {
          case UNREACHABLE -> late(trouble) ? What.SILENT : What.REFUSED;
          case REFUSED, MISSING, CONFLICT, BUSY, REJECTED, BROKEN, SOURCE, INTERRUPTED ->
              What.CANNOT_TELL;
        };
    return new LookFailed(what, trouble);
  }

  private static boolean late(SwiftTrouble trouble) {
    return trouble.getCause() instanceof CallFailed call && call.why() == CallFailed.Why.LATE;
  }

  What what() {
    return what;
  }

  /** The reason, in one line. */
  String line() {
    return ActFailed.line(this);
  }
}
