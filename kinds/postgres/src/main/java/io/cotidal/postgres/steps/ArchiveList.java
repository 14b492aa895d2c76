package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Base;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.spec.Archive;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link Acts#ARCHIVE_LIST}. */
final class ArchiveList implements Act {
  private static final int MOST = 8_000;

  private final Cluster cluster;

  ArchiveList(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Segments segments = ArchiveScripts.segments(turn);
    List<Archive.Place> places =
        cluster.spec().practice().care().archive().map(Archive::places).orElse(List.of());
    // Where the configuration names no way to list, nothing is known of other people's backups.
    String list =
        places.stream().anyMatch(ArchiveList::unlisted)
            ? "end\n"
            : ArchiveScripts.list(turn, segments);
    if (list.length() > MOST) {
      throw new ActFailed("the archive has too many gaps to list: look with archive-check");
    }
    try {
      list += oldest(ArchiveScripts.run(turn, "bases"));
      Inventory.read(list, segments);
    } catch (IllegalArgumentException e) {
      throw new ActFailed(String.valueOf(e.getMessage()));
    }
    return Details.of(Acts.LIST, list.strip());
  }

  /** The line of the base backup that needs the oldest log; the others need no more than it. */
  private static String oldest(String printed) {
    Optional<Base> oldest =
        Base.all(printed).stream().min(Comparator.comparingLong(Base::firstSegment));
    return oldest
        .flatMap(base ->
            printed.lines().filter(line -> line.startsWith("base " + base.id() + " ")).findFirst())
        .map(line -> line + "\n")
        .orElse("");
  }

  private static boolean unlisted(Archive.Place place) {
    return place instanceof Archive.Place.Commands commands && commands.list().isEmpty();
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a list changes nothing");
  }
}
