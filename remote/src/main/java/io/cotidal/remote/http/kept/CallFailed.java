package io.cotidal.remote.http.kept;

import org.jspecify.annotations.Nullable;

/**
 * No whole answer could be had. The message is one line: reason and remedy, without the place, and
 * nothing of what was sent.
 */
public final class CallFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Why {
    /** There is no way to it: no address, no connection, no TLS. Nothing was sent. */
    UNREACHABLE,
    /** All connections were in use for too long. Nothing was sent. */
    FULL,
    /** A deadline was over, or nothing moved for too long. */
    LATE,
    /** The connection ended too early. */
    BROKEN,
    /** What came is no HTTP, or HTTP that two readers could read differently. */
    NO_HTTP,
    /** The body of the request could not be read to its end by us; the connection was reset. */
    SOURCE,
    /** The thread was interrupted, and still is; the connection was reset. */
    INTERRUPTED
  }

  private final Why why;
  private final boolean sent;

  /** With whether anything may have reached the server. */
  CallFailed(Why why, boolean sent, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.why = why;
    this.sent = sent;
  }

  /** Why. */
  public Why why() {
    return why;
  }

  /** Whether the server may have heard of it, and nobody can tell what it did. */
  public boolean sent() {
    return sent;
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
