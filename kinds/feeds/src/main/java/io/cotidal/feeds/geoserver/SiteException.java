package io.cotidal.feeds.geoserver;

/** A GeoServer did not do what was asked. The message is one line: place, reason, remedy. */
public final class SiteException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What it means for whoever asked. */
  public enum Kind {
    /** No answer, or none in time: nobody can tell whether it was done. */
    UNREACHABLE,
    /** Our account is not let in. */
    UNAUTHORISED,
    /** What was asked is wrong, and asking again will not help. */
    REJECTED,
    /** It tried and failed; asking again may help. */
    FAILED
  }

  /** With one line. */
  public SiteException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** With one line, and what it follows from. */
  public SiteException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What it means. */
  public Kind kind() {
    return kind;
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
