package io.cotidal.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a source of members answered. Unavailable is not empty. */
public sealed interface SourceAnswer {
  /** These are the members, all of them. */
  record Members(List<Found> found) implements SourceAnswer {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if two members have one name
     */
    public Members {
      found = List.copyOf(found);
      Set<MemberId> names = new HashSet<>();
      for (Found one : found) {
        if (!names.add(one.id())) {
          throw new IllegalArgumentException(
              "two members are named " + one.id() + ": give them different names");
        }
      }
    }

    /** Members of which nothing is known but the name. */
    public static Members named(List<MemberId> ids) {
      return new Members(ids.stream().map(Found::named).toList());
    }

    /** Their names, in the source's order. */
    public List<MemberId> ids() {
      return found.stream().map(Found::id).toList();
    }
  }

  /**
   * The source could not answer; what it said last stays in force.
   *
   * @param reason one line for people, with place, reason and remedy
   */
  record Unavailable(String reason) implements SourceAnswer {}
}
