package io.cotidal.bench.rivals;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cell: all who were measured under one fault. Pure.
 *
 * @param waits whether a commit waits for a replica
 */
record Contest(Fault fault, boolean waits, List<Standing> standings) {
  /** How many rounds make a cell whole, for us and for others. */
  static final int OURS = 20;

  static final int THEIRS = 5;

  Contest {
    standings = List.copyOf(standings);
  }

  /** All cells of {@code rounds} that have any, in the order of faults. */
  static List<Contest> of(List<Round> rounds) {
    List<Contest> all = new ArrayList<>();
    for (boolean waits : new boolean[] {false, true}) {
      for (Fault fault : Fault.values()) {
        Map<Entry, List<Round>> by = new EnumMap<>(Entry.class);
        for (Round round : rounds) {
          if (round.waits() == waits && round.fault().equals(fault.word())) {
            entry(round.entry())
                .ifPresent(who -> by.computeIfAbsent(who, _ -> new ArrayList<>()).add(round));
          }
        }
        List<Standing> standings = new ArrayList<>();
        by.forEach((who, its) -> standings.add(new Standing(who, its)));
        if (!standings.isEmpty()) {
          all.add(new Contest(fault, waits, standings));
        }
      }
    }
    return all;
  }

  /** The one of that word; empty if the line is of another version. */
  static Optional<Entry> entry(String word) {
    for (Entry entry : Entry.values()) {
      if (entry.word().equals(word)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  String title() {
    return fault.title() + (waits ? ", quorum" : ", asynchronous");
  }

  Optional<Standing> ours() {
    return standings.stream().filter(each -> each.entry() == Entry.COTIDAL).findFirst();
  }

  List<Standing> theirs() {
    return standings.stream().filter(each -> each.entry() != Entry.COTIDAL).toList();
  }

  /** What is missed, a sentence each; empty if all bars are met by enough rounds. */
  List<String> missed() {
    Optional<Standing> found = ours();
    if (found.isEmpty()) {
      return List.of("we were not measured");
    }
    Standing ours = found.get();
    List<String> missed = new ArrayList<>();
    if (ours.rounds().size() < OURS) {
      missed.add("only " + ours.rounds().size() + " of " + OURS + " rounds of ours");
    }
    if (!ours.safe()) {
      missed.add(ours.lost() + " lost, " + ours.dual() + " dual");
    }
    if (ours.broken() > 0) {
      missed.add(ours.broken() + " times never whole again");
    }
    if (fault == Fault.CUT_CONTROL && ours.moves() > 0) {
      missed.add(ours.moves() + " moves, and there was no need for any");
    }
    long p95 = ours.gaps().p95();
    fault
        .target()
        .filter(target -> p95 >= target)
        .ifPresent(target -> missed.add("p95 " + p95 + " ms, not under " + target));
    for (Entry entry : Entry.values()) {
      if (entry != Entry.COTIDAL && entry.without(fault).isEmpty()) {
        missed.addAll(beside(ours, entry));
      }
    }
    return missed;
  }

  private List<String> beside(Standing ours, Entry entry) {
    Optional<Standing> its = standings.stream().filter(each -> each.entry() == entry).findFirst();
    int rounds = its.map(each -> each.rounds().size()).orElse(0);
    List<String> missed = new ArrayList<>();
    if (rounds < THEIRS) {
      missed.add("only " + rounds + " of " + THEIRS + " rounds of " + entry.title());
    }
    if (its.isPresent() && its.get().safe() && !ours.ahead(its.get())) {
      missed.add("not ahead of " + entry.title());
    }
    return missed;
  }
}
