package io.cotidal.postgres.steps;

import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.archive.Base;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Lineage;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.RestorePoint;
import io.cotidal.postgres.archive.Segments;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the repositories hold from which a cluster is restored, or its own ones. */
final class Stocktaking {
  /** Runs a member's archive script. */
  @FunctionalInterface
  interface Script {
    String run(List<String> words) throws ActFailed, IOException, InterruptedException;
  }

  private final Script script;
  private final List<String> of;

  /** Of the repositories of the other cluster. */
  Stocktaking(Turn turn) {
    this(
        words -> ArchiveScripts.run(turn, words.toArray(String[]::new)),
        List.of(ArchiveScript.SOURCE));
  }

  /**
   * Of those that {@code of} names.
   *
   * @param of the word for repositories; none for this cluster's own
   */
  Stocktaking(Script script, List<String> of) {
    this.script = script;
    this.of = of;
  }

  private String run(String... words) throws ActFailed, IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(of);
    return script.run(all);
  }

  /** The base backups, the oldest first. */
  List<Base> bases() throws ActFailed, IOException, InterruptedException {
    return Base.all(run("bases"));
  }

  /**
   * Everything, on one timeline.
   *
   * @param wanted the timeline; the newest of which there is a history if empty
   * @throws IllegalArgumentException with one line if there is no such thing
   */
  RestoreChoice.Stock of(Optional<Long> wanted)
      throws ActFailed, IOException, InterruptedException {
    String printed = run("bases");
    List<Base> bases = Base.all(printed);
    if (bases.isEmpty()) {
      throw new IllegalArgumentException("the archive has no base backup");
    }
    Segments segments = new Segments(bases.getLast().segment());
    Inventory inventory =
        Inventory.read(printed + run("list", Long.toString(segments.each())), segments);
    long newest = inventory.histories().isEmpty() ? 1 : inventory.histories().last();
    long timeline = wanted.orElse(newest);
    if (timeline != 1 && !inventory.histories().contains(timeline)) {
      throw new IllegalArgumentException(
          "the archive has no history of timeline "
              + timeline
              + (inventory.histories().isEmpty() ? "" : "; it has " + inventory.histories()));
    }
    String history =
        timeline == 1 ? "" : run("show", String.format(Locale.ROOT, "%08X.history", timeline));
    Lineage lineage = Lineage.of(timeline, history, segments);
    return new RestoreChoice.Stock(inventory, lineage, history, segments);
  }

  /** The restore points in the log from the oldest base backup on. */
  List<RestorePoint> points(RestoreChoice.Stock stock)
      throws ActFailed, IOException, InterruptedException {
    long from = stock.inventory().bases().stream().mapToLong(Base::firstSegment).min().orElse(0);
    List<RestorePoint> points = new ArrayList<>();
    for (Inventory.Range range : stock.inventory().ranges()) {
      long first = Math.max(from, range.first());
      if (stock.lineage().holds(range.timeline()) && first <= range.last()) {
        String printed =
            run(
                "points",
                stock.segments().name(new Segments.Segment(range.timeline(), first)),
                stock.segments().name(new Segments.Segment(range.timeline(), range.last())));
        RestorePoint.all(printed).stream()
            .filter(point -> onWay(stock, range.timeline(), point))
            .filter(point -> !points.contains(point))
            .forEach(points::add);
      }
    }
    return points;
  }

  /** What a timeline had after it was left is on nobody's way. */
  private static boolean onWay(RestoreChoice.Stock stock, long timeline, RestorePoint point) {
    return timeline == stock.lineage().timeline()
        || Lineage.left(stock.history(), timeline)
            .filter(left -> point.position() < left)
            .isPresent();
  }

  /** When the last segment without a gap before it was archived; empty if nobody can tell. */
  Optional<Instant> archived(RestoreChoice.Stock stock, RestoreChoice choice)
      throws IOException, InterruptedException {
    if (choice.last().isEmpty()) {
      return Optional.of(choice.base().ended());
    }
    try {
      String said = run("age", stock.segments().name(choice.last().get()));
      return said.lines()
          .filter(line -> line.matches("[0-9]{1,12}"))
          .findFirst()
          .map(line -> Instant.ofEpochSecond(Long.parseLong(line) + 1));
    } catch (ActFailed e) {
      // No folder: what lies there tells no times. The recovery will find out.
      return Optional.empty();
    }
  }
}
