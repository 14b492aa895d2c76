package io.cotidal.engine;

/**
 * How much may be taken away by itself because a source, or a filter, names it no more. A source
 * that is wrong names many no more; so more than a few wait for an approval, all of them. What a
 * person asks for and what has expired is not counted. Pure.
 *
 * @param known how many there were when the first of {@code gone} went
 * @param gone how many of them have gone since, those that were taken away included
 * @param suspicion why nothing may be taken away whatever the numbers; empty if there is no reason
 */
public record Brake(int known, int gone, String suspicion) {
  /** From so many on a share may go; of fewer, one. */
  static final int MANY = 10;

  /** The share, in per cent. */
  static final int SHARE = 30;

  /** For the members of one resource. */
  public static Brake of(State<?> state) {
    Departed departed = state.departed();
    return new Brake(
        departed.known(), departed.members().size() + departed.forgotten(), departed.suspicion());
  }

  /** How many of so many may go. */
  public static int limit(int known) {
    return known < MANY ? 1 : known * SHARE / 100;
  }

  /** Whether what has gone may be taken away by itself. Never everything. */
  public boolean lets() {
    return suspicion.isEmpty() && gone <= limit(known) && gone < known;
  }

  /** Why not, in one sentence for people; empty if it may. */
  public String reason() {
    if (lets()) {
      return "";
    }
    if (!suspicion.isEmpty()) {
      return suspicion;
    }
    return gone >= known
        ? "all " + known + " that were known are named no more; approve it if that is meant"
        : gone
            + " of "
            + known
            + " are named no more and at most "
            + limit(known)
            + " may go by itself; approve each that is meant to go";
  }
}
