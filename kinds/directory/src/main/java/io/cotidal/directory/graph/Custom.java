package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The edges that the operator wrote, separated by commas: {@code a>b} for one direction, {@code
 * a<>b} for both. Edges of members that are not there wait for them.
 */
public final class Custom implements Graph {
  private static final String EDGES = "edges";

  @Override
  public String name() {
    return "custom";
  }

  @Override
  public void check(Details parameters) {
    Parameters.only(parameters, EDGES);
    if (read(parameters).isEmpty()) {
      throw new IllegalArgumentException("edges: none are written; write a<>b, b>c for example");
    }
  }

  @Override
  public SortedSet<Edge> edges(SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
    SortedSet<MemberId> members = Ids.of(nodes);
    SortedSet<Edge> edges = read(parameters);
    edges.removeIf(edge -> !members.contains(edge.from()) || !members.contains(edge.to()));
    return edges;
  }

  private static SortedSet<Edge> read(Details parameters) {
    SortedSet<Edge> edges = new TreeSet<>();
    for (String part : parameters.get(EDGES, "").split(",")) {
      String text = part.strip();
      int arrow = text.indexOf('>');
      if (text.isEmpty()) {
        continue;
      }
      boolean both = arrow > 0 && text.charAt(arrow - 1) == '<';
      if (arrow < 1) {
        throw new IllegalArgumentException("edge '" + text + "': write a>b or a<>b");
      }
      MemberId from = new MemberId(text.substring(0, both ? arrow - 1 : arrow).strip());
      MemberId to = new MemberId(text.substring(arrow + 1).strip());
      edges.add(new Edge(from, to));
      if (both) {
        edges.add(new Edge(to, from));
      }
    }
    return edges;
  }
}
