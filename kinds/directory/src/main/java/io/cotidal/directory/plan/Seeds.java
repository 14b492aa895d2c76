package io.cotidal.directory.plan;

import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose data is the directory's. An empty server is never poured over a full one: what is full and
 * does not belong to the others is left alone until a person says which is right.
 *
 * @param generation the data set; empty if its holder was never part of a replication
 * @param seed who holds it alone and is to be prepared first; null if members share it already, or
 *     if nobody can tell
 * @param parted the data sets of which none can be preferred, one phrase each; then nothing is
 *     decided
 * @param waits who must answer before a seed can be chosen, in one sentence; empty if nobody
 */
record Seeds(String generation, @Nullable MemberId seed, List<String> parted, String waits) {
  /** Copies the list. */
  Seeds {
    parted = List.copyOf(parted);
  }

  /** Whether it is known which data is right. */
  boolean decided() {
    return parted.isEmpty() && waits.isEmpty();
  }

  /**
   * What one member holds.
   *
   * @param generation empty if it never replicated
   * @param full whether it has, or may have, entries that would be lost
   */
  record Holding(MemberId member, String generation, boolean full, String words) {
    static Holding of(MemberId member, DirectoryFacts facts) {
      boolean full = facts.suffix() && (facts.entries() < 0 || facts.entries() > 1);
      String generation = facts.vector().generation();
      String words =
          member
              + " holds "
              + (facts.entries() < 0 ? "uncounted entries" : entries(facts.entries()))
              + (generation.isEmpty() ? ", never replicated" : " of data set " + generation);
      return new Holding(member, generation, full, words);
    }

    private static String entries(long entries) {
      return entries == 1 ? "1 entry" : entries + " entries";
    }
  }

  /**
   * Chooses.
   *
   * @param ledger the data set that operations made, or found; empty if there was none
   * @param holdings of everybody who ever answered, in the spec's order
   * @param mute who did not answer, or cannot be read now
   */
  static Seeds of(String ledger, List<Holding> holdings, List<MemberId> mute) {
    SortedMap<String, List<Holding>> sets = new TreeMap<>();
    List<Holding> alone = new ArrayList<>();
    for (Holding one : holdings) {
      if (one.generation().isEmpty()) {
        alone.add(one);
      } else {
        sets.computeIfAbsent(one.generation(), name -> new ArrayList<>()).add(one);
      }
    }
    List<List<Holding>> full = new ArrayList<>();
    sets.values().stream().filter(set -> any(set)).forEach(full::add);
    alone.stream().filter(Holding::full).forEach(one -> full.add(List.of(one)));
    List<Holding> known = sets.get(ledger);
    if (known != null && (any(known) || full.isEmpty() || !mute.isEmpty())) {
      return of(ledger);
    }
    if (!ledger.isEmpty() && known == null && !mute.isEmpty()) {
      return wait("nobody who answers holds data set " + ledger, mute);
    }
    return switch (full.size()) {
      case 0 -> ofNothing(sets, holdings, mute);
      case 1 -> one(full.getFirst());
      default -> several(full);
    };
  }

  private static boolean any(List<Holding> set) {
    return set.stream().anyMatch(Holding::full);
  }

  private static Seeds of(String generation) {
    return new Seeds(generation, null, List.of(), "");
  }

  private static Seeds one(List<Holding> set) {
    Holding first = set.getFirst();
    return set.size() > 1
        ? of(first.generation())
        : new Seeds(first.generation(), first.member(), List.of(), "");
  }

  /** Several full ones: only what members share already is preferred to who stands alone. */
  private static Seeds several(List<List<Holding>> full) {
    List<List<Holding>> shared = full.stream().filter(set -> set.size() > 1).toList();
    if (shared.size() == 1) {
      return of(shared.getFirst().getFirst().generation());
    }
    List<String> parted = new ArrayList<>();
    full.forEach(set -> set.forEach(one -> parted.add(one.words())));
    return new Seeds("", null, parted, "");
  }

  private static Seeds wait(String why, List<MemberId> mute) {
    String who = String.join(", ", mute.stream().map(MemberId::name).toList());
    return new Seeds("", null, List.of(), why + ", and " + who + " may: it must be seen first");
  }

  private static Seeds ofNothing(
      Map<String, List<Holding>> sets, List<Holding> holdings, List<MemberId> mute) {
    List<String> shared =
        sets.entrySet().stream()
            .filter(set -> set.getValue().size() > 1)
            .map(Map.Entry::getKey)
            .toList();
    if (shared.size() == 1) {
      return of(shared.getFirst());
    }
    if (!mute.isEmpty() || holdings.isEmpty()) {
      return holdings.isEmpty() && mute.isEmpty()
          ? new Seeds("", null, List.of(), "no member holds the suffix")
          : wait("nobody who answers has entries", mute);
    }
    Holding first = holdings.getFirst();
    return new Seeds(first.generation(), first.member(), List.of(), "");
  }
}
