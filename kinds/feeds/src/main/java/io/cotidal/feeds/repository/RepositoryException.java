package io.cotidal.feeds.repository;

/** Why a state repository was not pulled, read or marked; in one line. */
public final class RepositoryException extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What is in the way. */
  public enum Kind {
    /** It does not answer, or does not let us in. */
    UNREACHABLE,
    /** The host does not show a key that is pinned. */
    UNKNOWN_HOST,
    /** A commit is not signed by one who may. */
    REFUSED,
    /** Somebody else works on the clone. */
    LOCKED,
    /** The clone, the branch or what came is not as it must be, or a program is missing. */
    BROKEN
  }

  /**
   * Makes one.
   *
   * @param message place, reason and remedy in one line
   */
  public RepositoryException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** The same, because of {@code cause}. */
  public RepositoryException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What is in the way. */
  public Kind kind() {
    return kind;
  }
}
