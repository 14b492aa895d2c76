package io.cotidal.directory.graph;

import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Works members that joined or left into a regular graph that is there. A newcomer is put between
 * the two ends of {@code degree / 2} pairs; who lost neighbours is joined to others who did. What
 * else there is stays.
 */
final class Splice {
  private final SortedSet<MemberId> members;
  private final int degree;
  private final Pairs pairs;

  private Splice(SortedSet<MemberId> members, Collection<Edge> present, int degree) {
    this.members = members;
    this.degree = degree;
    this.pairs = Pairs.of(members, present);
  }

  /**
   * The graph that is there, changed as little as is needed; empty if so little of it fits that it
   * should be laid out anew, or if nothing can be made of it that survives any loss.
   */
  static Optional<Pairs> into(SortedSet<MemberId> members, Collection<Edge> present, int degree) {
    Splice splice = new Splice(members, present, degree);
    long settled = members.stream().filter(member -> splice.pairs.degree(member) > 0).count();
    if (settled <= degree || 2 * settled < members.size()) {
      return Optional.empty();
    }
    splice.thin();
    splice.insert();
    splice.fill();
    return splice.good() ? Optional.of(splice.pairs) : Optional.empty();
  }

  private boolean good() {
    return members.stream().allMatch(member -> pairs.degree(member) == degree)
        && Proof.survives(members, pairs.edges());
  }

  /** Takes away pairs of which an end has more than it should, those of two such ends first. */
  private void thin() {
    for (Edge pair : pairs.each()) {
      if (above(pair.from()) && above(pair.to())) {
        pairs.part(pair.from(), pair.to());
      }
    }
    for (Edge pair : pairs.each()) {
      if (above(pair.from()) || above(pair.to())) {
        pairs.part(pair.from(), pair.to());
      }
    }
  }

  private boolean above(MemberId member) {
    return pairs.degree(member) > degree;
  }

  private int lacks(MemberId member) {
    return degree - pairs.degree(member);
  }

  private void insert() {
    int seed = 0;
    for (MemberId member : members) {
      if (pairs.degree(member) == 0) {
        insert(member, ++seed);
      }
    }
  }

  /** Between ends that lack a neighbour anyway if there are any, then into pairs drawn by name. */
  private void insert(MemberId newcomer, int seed) {
    for (MemberId other : wanting(newcomer)) {
      if (lacks(newcomer) > 0) {
        pairs.join(newcomer, other);
      }
    }
    List<Edge> drawn = new ArrayList<>(pairs.each());
    drawn.sort(
        Comparator.comparingLong(
                (Edge pair) -> Layouts.hash(pair.from(), seed) ^ Layouts.hash(pair.to(), -seed))
            .thenComparing(Comparator.naturalOrder()));
    for (Edge pair : drawn) {
      if (lacks(newcomer) < 2) {
        return;
      }
      boolean free =
          !pair.from().equals(newcomer)
              && !pair.to().equals(newcomer)
              && !pairs.joined(newcomer, pair.from())
              && !pairs.joined(newcomer, pair.to());
      if (free) {
        pairs.part(pair.from(), pair.to());
        pairs.join(pair.from(), newcomer);
        pairs.join(newcomer, pair.to());
      }
    }
  }

  /** Who has neighbours, lacks some, and is not joined to {@code newcomer}. */
  private List<MemberId> wanting(MemberId newcomer) {
    return members.stream()
        .filter(member ->
            pairs.degree(member) > 0
                && lacks(member) > 0
                && !member.equals(newcomer)
                && !pairs.joined(member, newcomer))
        .toList();
  }

  private void fill() {
    List<MemberId> lacking = lacking();
    while (!lacking.isEmpty()) {
      if (!joined(lacking) && !swapped(lacking)) {
        return;
      }
      lacking = lacking();
    }
  }

  private List<MemberId> lacking() {
    return members.stream().filter(member -> lacks(member) > 0).toList();
  }

  private boolean joined(List<MemberId> lacking) {
    for (MemberId a : lacking) {
      for (MemberId b : lacking) {
        if (!a.equals(b) && !pairs.joined(a, b)) {
          pairs.join(a, b);
          return true;
        }
      }
    }
    return false;
  }

  /** Opens a pair elsewhere for two ends that cannot be joined to each other, or for one twice. */
  private boolean swapped(List<MemberId> lacking) {
    MemberId a = lacking.getFirst();
    MemberId b = lacks(a) > 1 ? a : lacking.getLast();
    if (a.equals(b) && lacks(a) < 2) {
      return false;
    }
    for (Edge pair : pairs.each()) {
      if (opens(pair.from(), pair.to(), a, b) || opens(pair.to(), pair.from(), a, b)) {
        return true;
      }
    }
    return false;
  }

  private boolean opens(MemberId from, MemberId to, MemberId a, MemberId b) {
    boolean apart = !from.equals(a) && !from.equals(b) && !to.equals(a) && !to.equals(b);
    if (!apart || pairs.joined(from, a) || pairs.joined(to, b)) {
      return false;
    }
    pairs.part(from, to);
    pairs.join(from, a);
    pairs.join(to, b);
    return true;
  }
}
