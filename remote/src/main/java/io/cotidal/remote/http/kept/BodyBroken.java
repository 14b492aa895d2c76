package io.cotidal.remote.http.kept;

import io.cotidal.remote.http.kept.CallFailed.Why;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The body of an answer broke off: what was read of it is not the whole. One line. */
public final class BodyBroken extends IOException {
  private static final long serialVersionUID = 1L;

  private final Why why;

  BodyBroken(Why why, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** Why. */
  public Why why() {
    return why;
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
