package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import java.util.SortedSet;

/**
 * A way to connect members. Found by {@link java.util.ServiceLoader} under its name. Stateless,
 * pure, thread-safe.
 */
public interface Graph {
  /** The word for it in configuration: {@code fullmesh}, {@code ring}, {@code circulant}. */
  String name();

  /**
   * Checks parameters once, when the configuration is read.
   *
   * @param parameters what the configuration says beside the name: degree, hubs, edges
   * @throws IllegalArgumentException with one line: what is wrong and what would be right
   */
  void check(Details parameters);

  /**
   * The edges that there should be. Given the same nodes and the same present edges, always the
   * same; present edges are kept where the topology leaves a choice, so that a member that joins or
   * leaves moves as few as possible. Empty for fewer than two nodes.
   *
   * @param present edges there are now, between any of the nodes
   */
  SortedSet<Edge> edges(SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters);
}
