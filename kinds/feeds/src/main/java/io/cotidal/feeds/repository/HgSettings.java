package io.cotidal.feeds.repository;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the clone's own {@code hgrc} says that a pull must know.
 *
 * @param origin where it is pulled from
 * @param hooks the names of all hooks
 */
record HgSettings(Optional<String> origin, SortedSet<String> hooks) {
  /** Asks {@code hg config} for what {@link #read} reads. */
  static final String TEMPLATE = "{name}\\0{value}\\0";

  private static final String HOOKS = "hooks.";

  static HgSettings read(String text) {
    Optional<String> origin = Optional.empty();
    SortedSet<String> hooks = new TreeSet<>();
    String[] words = text.split("\0", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      if (words[i].equals("paths.default")) {
        origin = Optional.of(words[i + 1]);
      } else if (words[i].startsWith(HOOKS)) {
        hooks.add(words[i].substring(HOOKS.length()));
      }
    }
    return new HgSettings(origin, hooks);
  }
}
