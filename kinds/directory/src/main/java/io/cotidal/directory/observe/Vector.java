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
 */
public record Vector(String generation, SortedMap<Integer, Element> elements) {
  /** Of a member that was never part of a replication. */
  public static final Vector NONE = new Vector("", new TreeMap<>());

  /** Copies the map. */
  public Vector {
    elements = Collections.unmodifiableSortedMap(new TreeMap<>(elements));
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
    if (!generation.equals(other.generation)) {
      return false;
    }
    for (Map.Entry<Integer, Element> entry : other.elements.entrySet()) {
      Csn theirs = entry.getValue().latest();
      Csn ours = latest(entry.getKey());
      if (theirs != null && (ours == null || ours.compareTo(theirs) < 0)) {
        return false;
      }
    }
    return true;
  }
}
