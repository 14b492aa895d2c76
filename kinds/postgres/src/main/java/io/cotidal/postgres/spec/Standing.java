package io.cotidal.postgres.spec;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A member's place in the choice of a successor. It only ever narrows who may be chosen among those
 * that hold every acknowledged commit.
 *
 * @param priority among equals the lowest number wins
 * @param never whether it must not be promoted, unless somebody names it
 * @param lagLimit how many bytes of what the primary was last seen to have may be missing from it,
 *     if commits wait for nobody; {@link #UNLIMITED} if it does not matter
 * @param tags words by which {@link Policy#prefer} speaks of it
 */
public record Standing(int priority, boolean never, long lagLimit, SortedSet<String> tags) {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Of a member of which nothing is said. */
  public static final Standing PLAIN = new Standing(100, false, UNLIMITED, new TreeSet<>());

  /** Copies the tags. */
  public Standing {
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
  }
}
