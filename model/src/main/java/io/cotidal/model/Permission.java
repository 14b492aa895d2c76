package io.cotidal.model;

/** What a token's role allows; each includes the ones before it. */
public enum Permission {
  /** Sees everything but secrets and what belongs to somebody else alone. */
  VIEWER,
  /** Makes items and does as they like with their own. */
  USER,
  /** Runs operations, approves plans. */
  OPERATOR,
  /** Hands out tokens, changes configuration. */
  ADMIN;

  /** Whether a holder of this may do what needs {@code needed}. */
  public boolean allows(Permission needed) {
    return compareTo(needed) >= 0;
  }
}
