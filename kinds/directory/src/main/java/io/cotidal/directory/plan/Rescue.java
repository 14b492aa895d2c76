package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.plan.Picture.Standing;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Ways to members that none of their suppliers can bring on. A supplier sends what its changelog
 * holds, and that begins where it was filled itself: a member that was filled earlier, and has not
 * heard of everything since, waits for ever for what lies between. Whoever took a write has it in
 * its changelog, so an agreement from there closes the gap. Pure.
 */
final class Rescue {
  private Rescue() {}

  /** One more edge for each member that is stuck, as long as there is one that was not tried. */
  static SortedSet<Edge> edges(Picture picture) {
    SortedSet<Edge> edges = new TreeSet<>();
    lacking(picture)
        .forEach((member, replicas) ->
            untried(picture, member, replicas)
                .ifPresent(from -> edges.add(new Edge(from, member))));
    return edges;
  }

  /**
   * Members that have lacked changes for longer than a link may be behind, whom everybody tries to
   * send to, and nobody can: who had the changes in its changelog is gone, or was filled since.
   */
  static SortedSet<MemberId> lost(Picture picture) {
    SortedSet<MemberId> lost = new TreeSet<>();
    List<MemberId> in = picture.answering(Standing.IN);
    if (in.size() == picture.belonging().size()) {
      lacking(picture)
          .forEach((member, replicas) -> {
            if (lost(picture, in, member)) {
              lost.add(member);
            }
          });
    }
    return lost;
  }

  private static boolean lost(Picture picture, List<MemberId> in, MemberId member) {
    List<MemberId> others = in.stream().filter(other -> !other.equals(member)).toList();
    boolean stuck =
        others.stream()
            .map(other -> picture.paths.present().get(new Edge(other, member)))
            .allMatch(agreement -> agreement != null && stuck(agreement));
    long limit = picture.state.now().micros() / 1_000_000 - picture.spec.guards().lag().toSeconds();
    return stuck
        && others.stream()
            .anyMatch(other -> Paths.mayLack(picture.facts(other), picture.facts(member), limit));
  }

  private static SortedMap<MemberId, SortedSet<Integer>> lacking(Picture picture) {
    SortedMap<MemberId, SortedSet<Integer>> lacking = new TreeMap<>();
    picture
        .paths
        .present()
        .forEach((edge, agreement) -> {
          DirectoryFacts supplier = picture.facts(edge.from());
          DirectoryFacts consumer = picture.facts(edge.to());
          if (stuck(agreement)
              && supplier != null
              && consumer != null
              && picture.standing(edge.to()) == Standing.IN) {
            lacking
                .computeIfAbsent(edge.to(), _ -> new TreeSet<>())
                .addAll(beyond(supplier.vector(), consumer.vector()));
          }
        });
    lacking.values().removeIf(Set::isEmpty);
    return lacking;
  }

  private static boolean stuck(Agreement agreement) {
    return agreement.status() == Status.STALLED || agreement.status() == Status.PURGED;
  }

  private static List<Integer> beyond(Vector theirs, Vector ours) {
    List<Integer> beyond = new ArrayList<>();
    for (int replica : theirs.elements().keySet()) {
      Csn there = theirs.latest(replica);
      Csn here = ours.latest(replica);
      if (there != null && (here == null || here.compareTo(there) < 0)) {
        beyond.add(replica);
      }
    }
    return beyond;
  }

  /** Who took the writes first, then anybody. */
  private static Optional<MemberId> untried(
      Picture picture, MemberId member, SortedSet<Integer> lacking) {
    List<MemberId> first = new ArrayList<>();
    List<MemberId> then = new ArrayList<>();
    for (MemberId other : picture.answering(Standing.IN)) {
      boolean itself = other.equals(member);
      if (!itself && !picture.paths.present().containsKey(new Edge(other, member))) {
        (lacking.contains(id(picture.facts(other))) ? first : then).add(other);
      }
    }
    first.addAll(then);
    return first.stream().findFirst();
  }

  private static int id(@Nullable DirectoryFacts facts) {
    Replica replica = facts == null ? null : facts.replica();
    return replica == null ? -1 : replica.id();
  }
}
