package io.cotidal.postgres.steps;

import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Lineage;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Archive;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@link Acts#ARCHIVE_CHECK}. */
final class ArchiveCheck implements Act {
  private static final int SHOWN = 5;

  private final Cluster cluster;

  ArchiveCheck(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    PgFacts facts = cluster.facts(turn);
    if (facts.recovering()) {
      throw new ActFailed(turn.node().id() + " is a standby now; ask again");
    }
    Segments segments = ArchiveScripts.segments(turn);
    String name = String.format(Locale.ROOT, "%08X.history", facts.timeline());
    String history = facts.timeline() > 1 ? own(turn, name) : "";
    Lineage lineage = Lineage.of(facts.timeline(), history, segments);
    List<Archive.Place> places =
        cluster.spec().practice().care().archive().map(Archive::places).orElse(List.of());
    Details evidence = Details.of(Acts.TIMELINE, lineage.timeline());
    for (int i = 0; i < places.size(); i++) {
      String number = Integer.toString(i + 1);
      String which = places.size() == 1 ? "the archive" : places.get(i).title();
      if (facts.timeline() > 1 && !ArchiveScripts.run(turn, "show", name, number).equals(history)) {
        throw new ActFailed(name + " in " + which + " is not " + turn.node().id() + "'s");
      }
      Inventory inventory = inventory(turn, segments, number);
      if (!inventory.strangers(lineage).isEmpty()) {
        throw new ActFailed(
            which
                + " has the histories of the timelines "
                + inventory.strangers(lineage)
                + ", newer than "
                + lineage.timeline()
                + " and not the primary's: a standby that fetches would follow them; remove them");
      }
      evidence = evidence.with(complete(turn, segments, lineage, new Held(which, inventory)));
    }
    return evidence.with(
        "restore",
        restorable(turn, new RestoreChoice.Stock(bases(turn), lineage, history, segments)));
  }

  /** What one repository holds. */
  private record Held(String which, Inventory inventory) {}

  private static Inventory inventory(Turn turn, Segments segments, String number)
      throws ActFailed, IOException, InterruptedException {
    try {
      return Inventory.read(
          ArchiveScripts.run(turn, "list", Long.toString(segments.each()), number), segments);
    } catch (IllegalArgumentException e) {
      throw new ActFailed(String.valueOf(e.getMessage()));
    }
  }

  /** All repositories as one, with the base backups: that is what a restore has. */
  private static Inventory bases(Turn turn)
      throws ActFailed, PgException, IOException, InterruptedException {
    Segments segments = ArchiveScripts.segments(turn);
    return Inventory.read(
        ArchiveScripts.list(turn, segments) + ArchiveScripts.run(turn, "bases"), segments);
  }

  /** Whether a restore up to now is possible, for people. */
  private static String restorable(Turn turn, RestoreChoice.Stock stock) {
    try {
      RestoreChoice choice =
          RestoreChoice.choose(
              stock, new RecoveryTarget.Latest(), Optional.empty(), Optional.empty());
      return "from the base backup "
          + choice.base().id()
          + " to "
          + choice.last().map(stock.segments()::name).orElse("its own end")
          + "; what "
          + turn.node().id()
          + " has not archived yet comes later";
    } catch (IllegalArgumentException e) {
      return "not possible: " + e.getMessage();
    }
  }

  private static Details complete(Turn turn, Segments segments, Lineage lineage, Held held)
      throws ActFailed, PgException, InterruptedException {
    Inventory inventory = held.inventory();
    String newest = newest(turn);
    long first = inventory.first(lineage).orElse(-1L);
    if (first < 0 || newest.isEmpty()) {
      throw new ActFailed(
          first < 0
              ? "nothing of the primary's log is in " + held.which() + " yet"
              : turn.node().id() + " has archived nothing yet");
    }
    long last =
        Segments.whole(newest)
            ? segments.read(newest).number()
            : lineage.spans().getLast().from() - 1;
    List<Inventory.Range> gaps = inventory.gaps(lineage, first, last);
    if (!gaps.isEmpty()) {
      throw new ActFailed(
          held.which()
              + " lacks "
              + gaps.stream()
                  .limit(SHOWN)
                  .map(gap -> shown(gap, segments))
                  .collect(Collectors.joining(", "))
              + (gaps.size() > SHOWN ? " and more" : "")
              + ": take a backup anew, for what is older cannot be brought up to now");
    }
    return Details.of("from", segments.name(lineage.segment(first)))
        .with("to", newest)
        .with("gaps", "none");
  }

  private static String shown(Inventory.Range gap, Segments segments) {
    String first = segments.name(new Segments.Segment(gap.timeline(), gap.first()));
    return gap.first() == gap.last()
        ? first
        : first + " to " + segments.name(new Segments.Segment(gap.timeline(), gap.last()));
  }

  private static String newest(Turn turn) throws PgException, InterruptedException {
    return turn.sql((session, deadline) ->
        session.one(
            "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver",
            deadline.left(),
            row -> row.getString(1)));
  }

  private static String own(Turn turn, String name)
      throws ActFailed, PgException, InterruptedException {
    String text =
        turn.sql((session, deadline) ->
            session.one(
                "SELECT coalesce(pg_read_file('pg_wal/' || ?, 0, 1000000, true), '')",
                deadline.left(),
                row -> row.getString(1),
                name));
    if (text.isEmpty()) {
      throw new ActFailed(turn.node().id() + " itself has no " + name);
    }
    return text;
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a check changes nothing");
  }
}
