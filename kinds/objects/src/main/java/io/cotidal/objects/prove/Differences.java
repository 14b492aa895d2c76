package io.cotidal.objects.prove;

import io.cotidal.objects.names.Encoded;
import java.util.ArrayList;
import java.util.List;

/**
 * Where two listings differ, from their digests alone: the ranges of about 256 rows that have to be
 * read. Ranges that are equal are passed over whole, so one object that differs among a million is
 * found in three steps down.
 */
public final class Differences {
  private final List<Range> ranges = new ArrayList<>();
  private long compared;

  private Differences(Digest a, Digest b) {
    if (!a.same(b)) {
      descend(List.of(a.root()), List.of(b.root()), "");
    }
  }

  /** Compares two digests. */
  public static Differences between(Digest a, Digest b) {
    return new Differences(a, b);
  }

  /** In the order of names, none beside another; empty if all is equal. */
  public List<Range> ranges() {
    return List.copyOf(ranges);
  }

  /** How many ranges were looked at. */
  public long compared() {
    return compared;
  }

  /** Both lists are of the same names, from {@code after} on, and end alike. */
  private void descend(List<Node> a, List<Node> b, String after) {
    String from = after;
    int i = 0;
    int j = 0;
    while (i < a.size() && j < b.size()) {
      int firstA = i;
      int firstB = j;
      int side = ends(a.get(i), b.get(j));
      while (side != 0) {
        if (side < 0) {
          i++;
        } else {
          j++;
        }
        side = ends(a.get(i), b.get(j));
      }
      compared += i - firstA + j - firstB + 1L;
      String last = a.get(i).last();
      differ(a.subList(firstA, ++i), b.subList(firstB, ++j), new Range(from, last));
      from = last;
    }
  }

  /** The shortest run of ranges at both sides that covers the same names. */
  private void differ(List<Node> a, List<Node> b, Range range) {
    Node x = a.get(0);
    Node y = b.get(0);
    boolean alone = a.size() == 1 && b.size() == 1;
    if (alone && x.level() == y.level() && x.hash().equals(y.hash())) {
      return;
    }
    int level = Math.max(x.level(), y.level());
    if (level == 0) {
      add(range);
    } else {
      descend(below(a, level), below(b, level), range.after());
    }
  }

  /** The same one level further down, if they are as high as that. */
  private static List<Node> below(List<Node> nodes, int level) {
    List<Node> all = new ArrayList<>();
    for (Node node : nodes) {
      if (node.level() == level) {
        all.addAll(node.parts());
      } else {
        all.add(node);
      }
    }
    return all;
  }

  private void add(Range range) {
    Range before = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
    if (before != null && before.last().equals(range.after())) {
      ranges.set(ranges.size() - 1, new Range(before.after(), range.last()));
    } else {
      ranges.add(range);
    }
  }

  /** Which one ends first. The empty end is the last of all. */
  private static int ends(Node a, Node b) {
    if (a.last().isEmpty() || b.last().isEmpty()) {
      return Boolean.compare(a.last().isEmpty(), b.last().isEmpty());
    }
    return Encoded.compare(a.last(), b.last());
  }
}
