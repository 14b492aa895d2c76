package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Lineage;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.Acts;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
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
    Inventory inventory = inventory(turn, segments);
    if (facts.timeline() > 1 && !ArchiveScripts.run(turn, "show", name).equals(history)) {
      throw new ActFailed(name + " in the archive is not " + turn.node().id() + "'s");
    }
    if (!inventory.strangers(lineage).isEmpty()) {
      throw new ActFailed(
          "the archive has the histories of the timelines "
              + inventory.strangers(lineage)
              + ", newer than "
              + lineage.timeline()
              + " and not the primary's: a standby that fetches would follow them; remove them");
    }
    return complete(turn, segments, lineage, inventory);
  }

  private static Inventory inventory(Turn turn, Segments segments)
      throws ActFailed, IOException, InterruptedException {
    try {
      return Inventory.read(ArchiveScripts.list(turn, segments), segments);
    } catch (IllegalArgumentException e) {
      throw new ActFailed(String.valueOf(e.getMessage()));
    }
  }

  private static Details complete(
      Turn turn, Segments segments, Lineage lineage, Inventory inventory)
      throws ActFailed, PgException, InterruptedException {
    String newest = newest(turn);
    long first = inventory.first(lineage).orElse(-1L);
    if (first < 0 || newest.isEmpty()) {
      throw new ActFailed(
          first < 0
              ? "nothing of the primary's log is in the archive yet"
              : turn.node().id() + " has archived nothing yet");
    }
    long last =
        Segments.whole(newest)
            ? segments.read(newest).number()
            : lineage.spans().getLast().from() - 1;
    List<Inventory.Range> gaps = inventory.gaps(lineage, first, last);
    if (!gaps.isEmpty()) {
      throw new ActFailed(
          "the archive lacks "
              + gaps.stream()
                  .limit(SHOWN)
                  .map(gap -> shown(gap, segments))
                  .collect(Collectors.joining(", "))
              + (gaps.size() > SHOWN ? " and more" : "")
              + ": take a backup anew, for what is older cannot be brought up to now");
    }
    return Details.of("from", segments.name(lineage.segment(first)))
        .with("to", newest)
        .with(Acts.TIMELINE, lineage.timeline())
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
