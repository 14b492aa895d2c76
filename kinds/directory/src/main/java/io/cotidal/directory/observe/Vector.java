package io.cotidal.directory.observe;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a member has got with each replica's changes: its replica update vector.
 *
 * @param generation names the data set; members with different ones have nothing in common. Empty
 *     if the member was never part of a replication
 * @param elements by replica id
 * @param print of the latest changes, made here whatever is given: who has the same has the same
 *     changes, but for one chance in 2^64. It spares comparing a thousand elements along each of
 *     thousands of links
 */
public record Vector(String generation, SortedMap<Integer, Element> elements, long print) {
  /** Of a member that was never part of a replication. */
  public static final Vector NONE = new Vector("", new TreeMap<>());

  /** Copies the map. */
  public Vector {
    elements = Collections.unmodifiableSortedMap(new TreeMap<>(elements));
    print = printed(elements);
  }

  /** Copies the map. */
  public Vector(String generation, SortedMap<Integer, Element> elements) {
    this(generation, elements, 0);
  }

  private static long printed(SortedMap<Integer, Element> elements) {
    long print = 0;
    for (Map.Entry<Integer, Element> entry : elements.entrySet()) {
      Csn latest = entry.getValue().latest();
      if (latest != null) {
        print = mixed(print ^ entry.getKey());
        print = mixed(print ^ latest.seconds());
        print = mixed(print ^ ((long) latest.replica() << 32 | latest.sequence()));
        print = mixed(print ^ latest.sub());
      }
    }
    return print;
  }

  /** The last step of SplitMix64: each bit depends on each. */
  private static long mixed(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /**
   * One replica's part.
   *
   * @param url the replica's address, as it told; empty if it is not there
   * @param latest the last change of it that the member has; null if it has none yet
   */
  public record Element(String url, @Nullable Csn latest) {}

  /** Whether the member has data of a replication. */
  public boolean initialised() {
    return !generation.isEmpty();
  }

  /** The last change of {@code replica} that the member has; null if there is none. */
  public @Nullable Csn latest(int replica) {
    Element element = elements.get(replica);
    return element == null ? null : element.latest();
  }

  /** Whether the member has every change that {@code other} has, of the same data set. */
  public boolean covers(Vector other) {
    return covers(other, false);
  }

  /**
   * The same for the replicas of which this vector shows a change. 389 DS keeps quiet about a
   * replica whose address it never heard (its issue 5193), and shows no change of the replica from
   * which it was filled before the next one: what is not shown may be there.
   */
  public boolean coversAsShown(Vector other) {
    return covers(other, true);
  }

  private boolean covers(Vector other, boolean asShown) {
    if (!generation.equals(other.generation)) {
      return false;
    }
    for (Map.Entry<Integer, Element> entry : other.elements.entrySet()) {
      Csn theirs = entry.getValue().latest();
      Csn ours = latest(entry.getKey());
      if (theirs != null && (ours == null ? !asShown : ours.compareTo(theirs) < 0)) {
        return false;
      }
    }
    return true;
  }
}
