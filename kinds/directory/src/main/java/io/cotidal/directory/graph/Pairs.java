package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Members that replicate to each other, in both directions: a graph without arrows. Mutable. */
final class Pairs {
  private final Map<MemberId, NavigableSet<MemberId>> neighbours = new TreeMap<>();

  /** Without any pair. */
  Pairs(Collection<MemberId> members) {
    members.forEach(member -> neighbours.put(member, new TreeSet<>()));
  }

  /** With a pair wherever there is an edge in one direction at least. */
  static Pairs of(Collection<MemberId> members, Collection<Edge> edges) {
    Pairs pairs = new Pairs(members);
    edges.forEach(edge -> pairs.join(edge.from(), edge.to()));
    return pairs;
  }

  /** Joins two; who is not a member, or the same one twice, is left alone. */
  void join(MemberId a, MemberId b) {
    if (!a.equals(b) && neighbours.containsKey(a) && neighbours.containsKey(b)) {
      of(a).add(b);
      of(b).add(a);
    }
  }

  void part(MemberId a, MemberId b) {
    of(a).remove(b);
    of(b).remove(a);
  }

  boolean joined(MemberId a, MemberId b) {
    return of(a).contains(b);
  }

  int degree(MemberId member) {
    return of(member).size();
  }

  SortedSet<MemberId> neighbours(MemberId member) {
    return Collections.unmodifiableSortedSet(of(member));
  }

  private NavigableSet<MemberId> of(MemberId member) {
    NavigableSet<MemberId> found = neighbours.get(member);
    if (found == null) {
      throw new IllegalArgumentException(member + " is no member of this graph");
    }
    return found;
  }

  /** Each pair once, the lesser name first. */
  List<Edge> each() {
    return neighbours.entrySet().stream()
        .flatMap(entry ->
            entry.getValue().tailSet(entry.getKey(), false).stream()
                .map(other -> new Edge(entry.getKey(), other)))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /** Each pair in both directions. */
  SortedSet<Edge> edges() {
    SortedSet<Edge> edges = new TreeSet<>();
    neighbours.forEach(
        (member, others) -> others.forEach(other -> edges.add(new Edge(member, other))));
    return edges;
  }
}
