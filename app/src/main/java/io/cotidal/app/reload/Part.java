package io.cotidal.app.reload;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What a configuration says of one resource.
 *
 * @param wanted the kind's record of it; two that are equal want the same
 * @param shown its keys and values as people may see them
 * @param shared of what all daemons must have in common
 */
record Part(Object wanted, SortedMap<String, String> shown, Fingerprint shared) {
  /** What differs between two, a line a key; no secrets. */
  static List<String> differences(
      SortedMap<String, String> before, SortedMap<String, String> after) {
    List<String> lines = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String old = before.get(key);
      String next = after.get(key);
      if (old == null) {
        lines.add("+ " + key + " = " + next);
      } else if (next == null) {
        lines.add("- " + key + " = " + old);
      } else if (!old.equals(next)) {
        lines.add("~ " + key + " = " + old + " -> " + next);
      }
    }
    return lines;
  }

  /** What {@code next} changes, a line a key. */
  List<String> to(Part next) {
    List<String> lines = differences(shown, next.shown);
    // Never what a secret is: that it is another one.
    return lines.isEmpty() ? List.of("~ what a secret refers to has changed") : lines;
  }
}
