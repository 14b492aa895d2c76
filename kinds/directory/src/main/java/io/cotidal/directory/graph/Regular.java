package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.SortedSet;

/**
 * Each member has the same even number of neighbours. Laid out anew it is {@link Layout}'s; members
 * that join or leave a graph of this form are worked into it by {@link Splice}, at the cost of
 * their own edges and half as many others.
 */
public final class Regular implements Graph {
  private final String name;
  private final int fixed;
  private final Layout layout;

  /** How a regular graph is laid out when there is none to keep. */
  enum Layout {
    /** Neighbours are the next in order of names, and the next but one, and so on. */
    CIRCULANT,
    /** Rings in orders that have nothing to do with one another: few hops among many. */
    RINGS
  }

  private Regular(String name, int fixed, Layout layout) {
    this.name = name;
    this.fixed = fixed;
    this.layout = layout;
  }

  /** Two neighbours each. */
  public static final class Ring implements Graph {
    private final Regular regular = new Regular("ring", 2, Layout.CIRCULANT);

    @Override
    public String name() {
      return regular.name;
    }

    @Override
    public void check(Details parameters) {
      Parameters.only(parameters);
    }

    @Override
    public SortedSet<Edge> edges(
        SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
      return regular.edges(nodes, present, parameters);
    }
  }

  /** Neighbours are those who are near in the order of names. */
  public static final class Circulant implements Graph {
    private final Regular regular = new Regular("circulant", 0, Layout.CIRCULANT);

    @Override
    public String name() {
      return regular.name;
    }

    @Override
    public void check(Details parameters) {
      regular.check(parameters);
    }

    @Override
    public SortedSet<Edge> edges(
        SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
      return regular.edges(nodes, present, parameters);
    }
  }

  /** A regular graph with few hops between any two, among many members too. */
  public Regular() {
    this("regular", 0, Layout.RINGS);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void check(Details parameters) {
    Parameters.only(parameters, Parameters.DEGREE);
    int _ = degree(parameters);
  }

  private int degree(Details parameters) {
    return fixed > 0 ? fixed : Parameters.degree(parameters, 4);
  }

  @Override
  public SortedSet<Edge> edges(SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
    return pairs(Ids.of(nodes), present, degree(parameters), layout).edges();
  }

  static Pairs pairs(
      SortedSet<MemberId> members, SortedSet<Edge> present, int degree, Layout layout) {
    if (members.size() <= degree + 1) {
      return FullMesh.all(members);
    }
    return Splice.into(members, present, degree)
        .orElseGet(() ->
            switch (layout) {
              case CIRCULANT -> Layouts.circulant(members, degree);
              case RINGS -> Layouts.rings(members, degree);
            });
  }
}
