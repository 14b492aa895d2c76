package io.cotidal.gateway.reading;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a plain object that are bytes of a large one.
 *
 * @param hash of the plain object, its MD5
 * @param size of the plain object
 * @param from the first of these bytes
 * @param bytes how many, more than 0
 */
record Piece(Spot spot, String hash, long size, long from, long bytes) {
  /** Whether these are all of the object's. */
  boolean all() {
    return from == 0 && bytes == size;
  }

  /** So many bytes of these one after the other. */
  static List<Piece> cut(List<Piece> pieces, long from, long bytes) {
    List<Piece> some = new ArrayList<>();
    long before = 0;
    for (Piece each : pieces) {
      long first = Math.max(from, before);
      long last = Math.min(from + bytes, before + each.bytes);
      if (first < last) {
        some.add(
            new Piece(each.spot, each.hash, each.size, each.from + first - before, last - first));
      }
      before += each.bytes;
    }
    return some;
  }

  /** How many bytes they are together. */
  static long sum(List<Piece> pieces) {
    return pieces.stream().mapToLong(Piece::bytes).sum();
  }
}
