package io.cotidal.directory.observe;

/**
 * A change's number: when, the how manyth in that second, and by which replica. Changes of one
 * replica are ordered by it.
 *
 * @param seconds since 1970
 * @param sequence within the second
 * @param replica the id of the replica that took the write
 * @param sub within one operation
 */
public record Csn(long seconds, int sequence, int replica, int sub) implements Comparable<Csn> {
  private static final int DIGITS = 20;

  /**
   * Reads 389 DS's form: twenty hexadecimal digits, eight for the time and four for each of the
   * others.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Csn parse(String text) {
    if (text.length() != DIGITS) {
      throw new IllegalArgumentException("'" + text + "' is no change number");
    }
    return new Csn(
        Long.parseLong(text, 0, 8, 16),
        Integer.parseInt(text, 8, 12, 16),
        Integer.parseInt(text, 12, 16, 16),
        Integer.parseInt(text, 16, 20, 16));
  }

  @Override
  public int compareTo(Csn other) {
    int order = Long.compare(seconds, other.seconds);
    order = order == 0 ? Integer.compare(sequence, other.sequence) : order;
    order = order == 0 ? Integer.compare(replica, other.replica) : order;
    return order == 0 ? Integer.compare(sub, other.sub) : order;
  }

  @Override
  public String toString() {
    return "%08x%04x%04x%04x".formatted(seconds, sequence, replica, sub);
  }
}
