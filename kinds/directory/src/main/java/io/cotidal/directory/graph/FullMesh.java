package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.SortedSet;

/** Everybody replicates to everybody. */
public final class FullMesh implements Graph {
  @Override
  public String name() {
    return "fullmesh";
  }

  @Override
  public void check(Details parameters) {
    Parameters.only(parameters);
  }

  @Override
  public SortedSet<Edge> edges(SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
    return all(Ids.of(nodes)).edges();
  }

  static Pairs all(SortedSet<MemberId> members) {
    Pairs pairs = new Pairs(members);
    for (MemberId a : members) {
      members.tailSet(a).forEach(b -> pairs.join(a, b));
    }
    return pairs;
  }
}
