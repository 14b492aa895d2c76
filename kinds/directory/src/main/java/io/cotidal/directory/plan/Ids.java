package io.cotidal.directory.plan;

import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.model.Moment;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which replica id is given next. An id names a history of changes for ever: it is never given to
 * two, and not again before no member remembers it and the changelogs have forgotten it.
 */
final class Ids {
  /** 389 DS keeps 65535 for consumers that take no writes. */
  static final int HIGHEST = 65_534;

  /** How long changelogs and vectors may remember a change: 389 DS's purge delay. */
  private static final Duration PURGE = Duration.ofDays(7);

  private final TreeSet<Integer> taken = new TreeSet<>();
  private final Set<Integer> waiting = new HashSet<>();

  Ids(Ledger ledger, Iterable<DirectoryFacts> known, Moment now) {
    taken.addAll(ledger.owners().keySet());
    ledger
        .retired()
        .forEach((id, retired) -> {
          waiting.add(id);
          if (now.micros() / 1_000_000 - retired.seconds() < PURGE.toSeconds()) {
            taken.add(id);
          }
        });
    for (DirectoryFacts facts : known) {
      Replica replica = facts.replica();
      if (replica != null) {
        taken.add(replica.id());
      }
      taken.addAll(facts.vector().elements().keySet());
    }
  }

  /**
   * The next one, above all that were ever given; once there is none above, the lowest that is free
   * again.
   *
   * @throws IllegalStateException if all are taken
   */
  int next() {
    int above = 0;
    for (int id : taken) {
      above = id <= HIGHEST ? Math.max(above, id) : above;
    }
    for (int id : waiting) {
      above = Math.max(above, id);
    }
    int next = above + 1;
    if (next > HIGHEST) {
      next = 1;
      while (taken.contains(next)) {
        next++;
      }
    }
    if (next > HIGHEST) {
      throw new IllegalStateException("all replica ids are taken");
    }
    taken.add(next);
    return next;
  }
}
