package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Merge;
import io.cotidal.objects.compare.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What a pass counts. Under its lock. */
final class Counts {
  private static final int SOME = 10;

  private final String from;
  private final List<Key> some = new ArrayList<>();
  private long equal;
  private long copies;
  private long conflicts;
  private long bytes;
  private long deletions;
  private long future;
  private long waiting;
  private long behind;
  private long confirmed;
  private long unconfirmed;

  Counts(String from) {
    this.from = from;
  }

  void equal() {
    equal++;
  }

  void handed(Verdict verdict) {
    switch (verdict) {
      case Verdict.Copy copy -> copy(copy);
      case Verdict.Conflict conflict -> {
        conflicts++;
        copy(conflict.copy());
      }
      case Verdict.Delete _ -> deletions++;
      case Verdict.Equal _, Verdict.Hold _ ->
          throw new IllegalArgumentException("nothing to do: " + verdict);
    }
  }

  private void copy(Verdict.Copy copy) {
    copies++;
    bytes += copy.winner().bytes() * copy.to().minus(copy.posts()).size();
  }

  void held(Key key, Verdict.Reason reason) {
    switch (reason) {
      case FROM_THE_FUTURE -> {
        future++;
        show(key);
      }
      case WAITS_FOR_SITE -> waiting++;
      case LISTING_BEHIND -> {
        behind++;
        show(key);
      }
    }
  }

  void show(Key key) {
    if (some.size() < SOME) {
      some.add(key);
    }
  }

  void settled(boolean something) {
    if (something) {
      confirmed++;
    } else {
      unconfirmed++;
    }
  }

  Tally tally(Cursor cursor, boolean braked, int open, Merge merge) {
    return new Tally(
        from,
        cursor.objects(),
        equal,
        copies,
        conflicts,
        bytes,
        deletions,
        cursor.deferred(),
        braked,
        some,
        future,
        waiting,
        behind,
        confirmed,
        unconfirmed,
        open,
        merge.known(),
        merge.failures());
  }
}
