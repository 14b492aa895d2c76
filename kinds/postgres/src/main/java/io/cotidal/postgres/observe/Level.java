package io.cotidal.postgres.observe;

/** How much of something there is. */
public enum Level {
  /** As usual. */
  WELL,
  /** Somebody should look. */
  MUCH,
  /** Somebody must act. */
  TOO_MUCH;

  private static final int FIFTHS = 5;

  /**
   * The level of an amount. It rises at its limit and falls only below four fifths of it, so that
   * an amount about the limit is said once.
   *
   * @param before the level at the look before
   */
  public static Level of(Level before, long amount, long much, long tooMuch) {
    if (amount >= tooMuch || (before == TOO_MUCH && amount >= tooMuch / FIFTHS * 4)) {
      return TOO_MUCH;
    }
    return amount >= much || (before != WELL && amount >= much / FIFTHS * 4) ? MUCH : WELL;
  }
}
