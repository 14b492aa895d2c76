package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.postgres.spec.Archive;
import java.io.IOException;

/** {@link Acts#ARCHIVE_LIST}. */
final class ArchiveList implements Act {
  private static final int MOST = 8_000;

  private final Cluster cluster;

  ArchiveList(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (unlisted()) {
      return Details.of(Acts.LIST, "end");
    }
    Segments segments = ArchiveScripts.segments(turn);
    String list = ArchiveScripts.list(turn, segments);
    if (list.length() > MOST) {
      throw new ActFailed("the archive has too many gaps to list: look with archive-check");
    }
    Inventory.read(list, segments);
    return Details.of(Acts.LIST, list.strip());
  }

  /** Whether the configuration names no way to list; then nothing is known of backups there. */
  private boolean unlisted() {
    return cluster
        .spec()
        .practice()
        .care()
        .archive()
        .filter(archive ->
            archive.place() instanceof Archive.Place.Commands commands && commands.list().isEmpty())
        .isPresent();
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a list changes nothing");
  }
}
