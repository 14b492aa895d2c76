package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.util.Comparator;

/** A replication path: what is written at {@code from} reaches {@code to}. */
public record Edge(MemberId from, MemberId to) implements Comparable<Edge> {
  private static final Comparator<Edge> ORDER =
      Comparator.comparing(Edge::from).thenComparing(Edge::to);

  /** Checks that it leads somewhere else. */
  public Edge {
    if (from.equals(to)) {
      throw new IllegalArgumentException("an edge from " + from + " to itself");
    }
  }

  @Override
  public int compareTo(Edge other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return from + " → " + to;
  }
}
