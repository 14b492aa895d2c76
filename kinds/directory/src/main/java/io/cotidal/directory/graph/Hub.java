package io.cotidal.directory.graph;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A few hubs, all joined, and everybody else joined to {@code uplinks} of them, two by default. A
 * hub is a member whose source calls it {@code hub}, or whom {@code hubs} names; without either,
 * the first two by name.
 */
public final class Hub implements Graph {
  private static final String HUBS = "hubs";
  private static final String UPLINKS = "uplinks";
  private static final String ROLE = "hub";

  @Override
  public String name() {
    return "hub";
  }

  @Override
  public void check(Details parameters) {
    Parameters.only(parameters, HUBS, UPLINKS);
    int _ = uplinks(parameters);
    named(parameters).forEach(name -> new MemberId(name));
  }

  private static int uplinks(Details parameters) {
    String text = parameters.get(UPLINKS, "2");
    int uplinks = Parameters.number(UPLINKS, text);
    if (uplinks == 0) {
      throw new IllegalArgumentException("uplinks '0': write at least 1, 2 to survive a loss");
    }
    return uplinks;
  }

  private static List<String> named(Details parameters) {
    return parameters.find(HUBS).stream()
        .flatMap(text -> List.of(text.split(",")).stream())
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  @Override
  public SortedSet<Edge> edges(SortedSet<Node> nodes, SortedSet<Edge> present, Details parameters) {
    SortedSet<MemberId> members = Ids.of(nodes);
    SortedSet<MemberId> hubs = hubs(nodes, parameters);
    Pairs pairs = new Pairs(members);
    FullMesh.all(hubs).each().forEach(pair -> pairs.join(pair.from(), pair.to()));
    Pairs before = Pairs.of(members, present);
    int uplinks = Math.min(uplinks(parameters), hubs.size());
    for (MemberId spoke : members) {
      if (!hubs.contains(spoke)) {
        chosen(spoke, hubs, before, pairs)
            .subList(0, uplinks)
            .forEach(hub -> pairs.join(spoke, hub));
      }
    }
    return pairs.edges();
  }

  /** Those that it has now, then those that carry the fewest. */
  private static List<MemberId> chosen(
      MemberId spoke, SortedSet<MemberId> hubs, Pairs before, Pairs now) {
    List<MemberId> order = new ArrayList<>(hubs);
    order.sort(
        Comparator.<MemberId, Boolean>comparing(hub -> !before.joined(spoke, hub))
            .thenComparingInt(now::degree)
            .thenComparing(Comparator.naturalOrder()));
    return order;
  }

  private static SortedSet<MemberId> hubs(SortedSet<Node> nodes, Details parameters) {
    List<String> named = named(parameters);
    SortedSet<MemberId> hubs = new TreeSet<>();
    for (Node node : nodes) {
      if (named.contains(node.id().name()) || (named.isEmpty() && node.role().equals(ROLE))) {
        hubs.add(node.id());
      }
    }
    nodes.stream().limit(hubs.isEmpty() ? 2 : 0).forEach(node -> hubs.add(node.id()));
    return hubs;
  }
}
