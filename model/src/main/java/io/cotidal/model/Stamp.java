package io.cotidal.model;

/**
 * What a member's gate remembers: the newest epoch, within it the newest operation, and within that
 * the newest turn, under which somebody came to the member. Whoever comes under an older stamp is
 * refused.
 *
 * <p>An inspection raises the stamp too. So once it has answered that an act did not take effect, a
 * late arrival of that act is refused, and the answer stays true.
 *
 * @param epoch the leadership that comes; rises by every election
 * @param number the operation for which it comes; 0 for the stamp that a new leader sets before
 *     anything else
 * @param turn rises with every attempt and every inspection within the operation
 */
public record Stamp(long epoch, long number, long turn) implements Comparable<Stamp> {
  /** Of a member that nobody has stamped. */
  public static final Stamp NONE = new Stamp(0, 0, 0);

  /** The first turn of an operation. */
  public Stamp(long epoch, long number) {
    this(epoch, number, 0);
  }

  /**
   * Reads {@code epoch.number.turn}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Stamp parse(String text) {
    if (!text.matches("[0-9]{1,18}\\.[0-9]{1,18}\\.[0-9]{1,18}")) {
      throw new IllegalArgumentException(
          "'"
              + Names.printable(text)
              + "' is no stamp: it reads epoch.number.turn, for example 8.17.4");
    }
    String[] parts = text.split("\\.", -1);
    return new Stamp(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
  }

  @Override
  public int compareTo(Stamp other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    if (byEpoch != 0) {
      return byEpoch;
    }
    int byNumber = Long.compare(number, other.number);
    return byNumber != 0 ? byNumber : Long.compare(turn, other.turn);
  }

  /** Whether a gate that remembers {@code this} refuses somebody under {@code other}. */
  public boolean refuses(Stamp other) {
    return other.compareTo(this) < 0;
  }

  @Override
  public String toString() {
    return epoch + "." + number + "." + turn;
  }
}
