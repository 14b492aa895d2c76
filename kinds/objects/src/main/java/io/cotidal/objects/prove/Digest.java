package io.cotidal.objects.prove;

import java.math.BigInteger;
import java.util.Locale;

/**
 * What a listing comes to. Two listings with the same digest have the same names, versions, times
 * and hashes.
 *
 * @param rows how many
 * @param bytes the sum of lengths, as this site lists them: of large objects, each site its own way
 * @param sum the sum of all rows' SHA-256 modulo 2^256, in hexadecimal: the same in whatever order,
 *     and in whatever parts, rows were read
 * @param root the tree over ranges of names; its hash covers everything
 */
public record Digest(long rows, long bytes, String sum, Node root) {
  private static final BigInteger END = BigInteger.ONE.shiftLeft(256);

  /** The sum of all rows of two parts, from the sums of each. */
  public static String sum(String a, String b) {
    BigInteger both = new BigInteger(a, 16).add(new BigInteger(b, 16)).mod(END);
    return String.format(Locale.ROOT, "%064x", both);
  }

  /** Whether both are of the same rows. */
  public boolean same(Digest other) {
    return rows == other.rows && sum.equals(other.sum) && root.hash().equals(other.root.hash());
  }
}
