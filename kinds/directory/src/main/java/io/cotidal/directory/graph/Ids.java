package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names of nodes. */
final class Ids {
  private Ids() {}

  static SortedSet<MemberId> of(Collection<Node> nodes) {
    SortedSet<MemberId> ids = new TreeSet<>();
    nodes.forEach(node -> ids.add(node.id()));
    return ids;
  }
}
