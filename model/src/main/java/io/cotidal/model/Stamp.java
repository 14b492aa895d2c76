package io.cotidal.model;

/**
 * What a member's gate remembers: the newest epoch and, within it, the newest operation number
 * under which somebody acted on the member. An act under an older stamp is refused.
 *
 * @param epoch the leadership that acts; rises by every election
 * @param number the operation that acts; 0 for the stamp that a new leader sets before anything
 *     else
 */
public record Stamp(long epoch, long number) implements Comparable<Stamp> {
  /** Of a member that nobody has stamped. */
  public static final Stamp NONE = new Stamp(0, 0);

  @Override
  public int compareTo(Stamp other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
  }

  /** Whether a gate that remembers {@code this} refuses an act under {@code other}. */
  public boolean refuses(Stamp other) {
    return other.compareTo(this) < 0;
  }

  @Override
  public String toString() {
    return epoch + "." + number;
  }
}
