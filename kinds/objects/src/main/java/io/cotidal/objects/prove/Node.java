package io.cotidal.objects.prove;

import java.util.HexFormat;
import java.util.List;

/**
 * A range of names in the tree of a digest.
 *
 * @param last the name it ends with, included; empty for the last range, which has no end
 * @param rows in it
 * @param bytes of its objects
 * @param hash SHA-256 over its rows, or over the hashes of its parts, in hexadecimal
 * @param level 0 if it is made of rows
 * @param parts the ranges it is made of, in order; empty on level 0
 */
public record Node(String last, long rows, long bytes, String hash, int level, List<Node> parts) {
  /** Copies the list. */
  public Node {
    parts = List.copyOf(parts);
  }

  byte[] raw() {
    return HexFormat.of().parseHex(hash);
  }
}
