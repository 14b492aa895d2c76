package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;

/**
 * A member as a topology sees it.
 *
 * @param site where it stands; empty if that was not told
 * @param role the word {@code hub} or empty; who is asked to carry more edges than others
 */
public record Node(MemberId id, String site, String role) implements Comparable<Node> {
  @Override
  public int compareTo(Node other) {
    return id.compareTo(other.id);
  }
}
