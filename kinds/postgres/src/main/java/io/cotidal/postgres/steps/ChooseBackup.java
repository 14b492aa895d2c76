package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.Lsn;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Base;
import io.cotidal.postgres.archive.RestoreChoice;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.spec.PostgresSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@link Acts#RESTORE_CHOOSE}. Reads the repositories, and touches no data. */
final class ChooseBackup implements Act {
  /** What a server has where nobody says otherwise, in the order of {@link Base#NEEDS}. */
  private static final List<Long> STANDARD = List.of(100L, 8L, 16L, 0L, 64L);

  private final Cluster cluster;

  ChooseBackup(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, IOException, InterruptedException {
    new Archiving(cluster.spec(), turn.node()).write(turn.inside());
    ArchiveScripts.run(turn, "apart");
    try {
      Choosing choosing = new Choosing(new Stocktaking(turn), turn.step().arguments());
      RestoreChoice.Stock stock = choosing.stock();
      requireOwn(turn, stock.segments());
      RestoreChoice choice = choosing.made(stock).choice();
      requireSettings(cluster.spec(), choice.base());
      return evidence(stock, choice);
    } catch (IllegalArgumentException e) {
      throw new ActFailed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a choice changes nothing");
  }

  /** An archive of this cluster's own must be empty: a log of the same numbers would mix there. */
  private void requireOwn(Turn turn, Segments segments)
      throws ActFailed, IOException, InterruptedException {
    if (cluster.spec().practice().care().archive().isEmpty()) {
      return;
    }
    int places = cluster.spec().practice().care().archive().get().places().size();
    for (int i = 1; i <= places; i++) {
      String list =
          ArchiveScripts.run(turn, "list", Long.toString(segments.each()), Integer.toString(i));
      if (list.lines().anyMatch(line -> line.startsWith("range ") || line.startsWith("history "))) {
        throw new ActFailed(
            "the archive of this cluster holds a log already, and the restored one would mix with"
                + " it: name an empty one");
      }
    }
  }

  /** A standby with less of these than its primary had does not start, or stops on the way. */
  private static void requireSettings(PostgresSpec spec, Base base) throws ActFailed {
    Map<String, String> settings = spec.settings();
    List<String> lacking = new ArrayList<>();
    for (int i = 0; i < Base.NEEDS.size() && i < base.needs().size(); i++) {
      String name = Base.NEEDS.get(i);
      String written = settings.getOrDefault(name, "");
      long here = written.matches("[0-9]{1,9}") ? Long.parseLong(written) : STANDARD.get(i);
      if (here < base.needs().get(i)) {
        lacking.add(name + ": \"" + base.needs().get(i) + "\"");
      }
    }
    if (!lacking.isEmpty()) {
      throw new ActFailed(
          "the backup is of a server that had more: write settings: {"
              + String.join(", ", lacking)
              + "}, or more");
    }
  }

  private static Details evidence(RestoreChoice.Stock stock, RestoreChoice choice) {
    Base base = choice.base();
    return Details.of(Acts.ID, base.id())
        .with(Acts.TIMELINE, stock.lineage().timeline())
        .with(Acts.POSITION, choice.least(stock.segments()))
        .with(Acts.BYTES, base.bytes())
        .with("ended", base.ended())
        .with("from", Lsn.format(base.start()))
        .with("log-to", choice.last().map(stock.segments()::name).orElse("none beside its own"));
  }
}
