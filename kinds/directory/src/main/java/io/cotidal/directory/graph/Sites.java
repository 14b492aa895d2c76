package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two tiers: a regular graph inside each site, and between the sites a regular graph of sites whose
 * every pair is two paths, between different members at either end where a site has two.
 */
public final class Sites implements Graph {
  @Override
  public String name() {
    return "sites";
  }

  @Override
  public void check(Details parameters) {
    Parameters.only(parameters, Parameters.DEGREE);
    int _ = Parameters.degree(parameters, 4);
  }

  @Override
  public SortedSet<Edge> edges(SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
    int degree = Parameters.degree(parameters, 4);
    Map<String, SortedSet<MemberId>> sites = new TreeMap<>();
    nodes.forEach(node -> sites.computeIfAbsent(node.site(), _ -> new TreeSet<>()).add(node.id()));
    SortedSet<MemberId> members = Ids.of(nodes);
    Pairs pairs = new Pairs(members);
    sites
        .values()
        .forEach(site ->
            Regular.pairs(site, present, degree, Regular.Layout.CIRCULANT)
                .each()
                .forEach(pair -> pairs.join(pair.from(), pair.to())));
    Pairs before = Pairs.of(members, present);
    for (Edge pair : between(sites, degree)) {
      bridge(site(sites, pair.from()), site(sites, pair.to()), before, pairs);
    }
    return pairs.edges();
  }

  /** Sites as nodes of a graph of their own, numbered in order of their names. */
  private static List<Edge> between(Map<String, SortedSet<MemberId>> sites, int degree) {
    SortedSet<MemberId> numbered = new TreeSet<>();
    for (int i = 0; i < sites.size(); i++) {
      numbered.add(number(i));
    }
    return Regular.pairs(numbered, new TreeSet<>(), degree, Regular.Layout.CIRCULANT).each();
  }

  private static MemberId number(int i) {
    return new MemberId("%06d".formatted(i));
  }

  private static SortedSet<MemberId> site(Map<String, SortedSet<MemberId>> sites, MemberId number) {
    return List.copyOf(sites.values()).get(Integer.parseInt(number.name()));
  }

  private static void bridge(
      SortedSet<MemberId> here, SortedSet<MemberId> there, Pairs before, Pairs pairs) {
    List<Edge> ways = new ArrayList<>();
    here.forEach(a -> there.forEach(b -> ways.add(new Edge(a, b))));
    // Paths that are there first, then ends that carry the least.
    ways.sort(
        Comparator.<Edge, Boolean>comparing(way -> !before.joined(way.from(), way.to()))
            .thenComparingInt(way -> pairs.degree(way.from()) + pairs.degree(way.to()))
            .thenComparing(Comparator.naturalOrder()));
    Edge first = ways.getFirst();
    pairs.join(first.from(), first.to());
    ways.stream()
        .filter(way -> apart(way.from(), first.from(), here) && apart(way.to(), first.to(), there))
        .filter(way -> !way.equals(first))
        .findFirst()
        .ifPresent(second -> pairs.join(second.from(), second.to()));
  }

  private static boolean apart(MemberId one, MemberId other, SortedSet<MemberId> site) {
    return site.size() == 1 || !one.equals(other);
  }
}
