package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.zip.CRC32C;

/** Regular graphs from nothing but names. */
final class Layouts {
  /** Orders that were tried before one is found that repeats no pair. */
  private static final int TRIES = 64;

  private Layouts() {}

  /**
   * Everybody with the next {@code degree / 2} in order of names, the last followed by the first.
   */
  static Pairs circulant(SortedSet<MemberId> members, int degree) {
    List<MemberId> order = List.copyOf(members);
    Pairs pairs = new Pairs(members);
    for (int offset = 1; offset <= degree / 2; offset++) {
      for (int i = 0; i < order.size(); i++) {
        pairs.join(order.get(i), order.get((i + offset) % order.size()));
      }
    }
    return pairs;
  }

  /**
   * The union of {@code degree / 2} rings, the first in order of names, the others in orders drawn
   * from the names: such a union has a diameter that grows with the logarithm of its size (Bollobás
   * and de la Vega, 1982). Falls back to {@link #circulant} where the members are too few for rings
   * that share no pair.
   */
  static Pairs rings(SortedSet<MemberId> members, int degree) {
    Pairs pairs = circulant(members, 2);
    int seed = 0;
    for (int ring = 1; ring < degree / 2; ring++) {
      boolean found = false;
      for (int attempt = 0; attempt < TRIES && !found; attempt++) {
        found = lay(order(members, ++seed), pairs);
      }
      if (!found) {
        return circulant(members, degree);
      }
    }
    return pairs;
  }

  private static List<MemberId> order(SortedSet<MemberId> members, int seed) {
    record Drawn(long hash, MemberId member) {}
    return members.stream()
        .map(member -> new Drawn(hash(member, seed), member))
        .sorted(Comparator.comparingLong(Drawn::hash).thenComparing(Drawn::member))
        .map(Drawn::member)
        .toList();
  }

  /** Spreads names evenly; nothing depends on its being hard to guess. */
  static long hash(MemberId member, int seed) {
    CRC32C sum = new CRC32C();
    sum.update((seed + ":" + member.name()).getBytes(StandardCharsets.UTF_8));
    long mixed = (sum.getValue() + seed) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }

  /** Adds the ring if it repeats no pair once neighbours that are joined already were swapped. */
  private static boolean lay(List<MemberId> drawn, Pairs pairs) {
    List<MemberId> order = new ArrayList<>(drawn);
    int size = order.size();
    for (int i = 0; i < size; i++) {
      int next = (i + 1) % size;
      for (int swap = 2; swap < size - 1 && clash(order, i, pairs); swap++) {
        int other = (i + swap) % size;
        if (next != 0 && other != 0) {
          java.util.Collections.swap(order, next, other);
        }
      }
    }
    for (int i = 0; i < size; i++) {
      if (clash(order, i, pairs)) {
        return false;
      }
    }
    for (int i = 0; i < size; i++) {
      pairs.join(order.get(i), order.get((i + 1) % size));
    }
    return true;
  }

  private static boolean clash(List<MemberId> order, int i, Pairs pairs) {
    return pairs.joined(order.get(i), order.get((i + 1) % order.size()));
  }
}
