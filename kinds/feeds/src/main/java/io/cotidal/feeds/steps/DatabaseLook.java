package io.cotidal.feeds.steps;

import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.table.Shown;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.remote.Deadline;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Looks at the database: what each published view reads, and what is kept beside it. */
final class DatabaseLook {
  private final Tables tables;

  DatabaseLook(Tables tables) {
    this.tables = tables;
  }

  FeedsFacts.Database now(Deadline deadline) throws TableException, InterruptedException {
    Shown shown = tables.served(deadline);
    SortedMap<String, FeedsFacts.Served> served = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> kept = new TreeMap<>();
    for (Shown.Served each : shown.served()) {
      boolean whole = each.drift() == Shown.Drift.NONE;
      served.put(
          each.target().toString(),
          new FeedsFacts.Served(each.generation(), whole ? each.digest() : "", each.rows()));
      if (!whole && each.drift() != Shown.Drift.LOST) {
        // Somebody changed the view; the generation that it should read is there to be read again.
        keep(kept, each.target(), each.generation(), each.digest());
      }
    }
    shown.kept().forEach(each -> keep(kept, each.target(), each.generation(), each.digest()));
    shown
        .leftovers()
        .forEach(each ->
            keep(kept, each.target(), each.generation(), each.complete() ? each.digest() : ""));
    List<FeedsFacts.Spare> spare =
        shown.kept().stream()
            .sorted(Comparator.comparing(Shown.Kept::at).reversed())
            .map(each ->
                new FeedsFacts.Spare(each.target().toString(), each.generation(), each.bytes()))
            .toList();
    return new FeedsFacts.Database(served, kept, spare, shown.schemas());
  }

  private static void keep(
      SortedMap<String, SortedMap<String, String>> kept,
      Target target,
      String generation,
      String digest) {
    kept.computeIfAbsent(target.toString(), _ -> new TreeMap<>()).put(generation, digest);
  }
}
