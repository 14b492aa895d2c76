package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.reach.Tool;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.util.List;

/** Asks a member's archive script. */
final class ArchiveScripts {
  private ArchiveScripts() {}

  /**
   * What it prints.
   *
   * @throws ActFailed if it says that it could not
   */
  static String run(Turn turn, String... words)
      throws ActFailed, IOException, InterruptedException {
    LocalProcesses.Result result =
        turn.inside().run(new Tool.Archive(List.of(words)), turn.deadline().most());
    if (result.exit() != 0) {
      throw new ActFailed(
          "the archive script of " + turn.node().id() + ": " + Complaint.of(result.output()));
    }
    return result.output();
  }

  /** What lies in the archive, in the script's words. */
  static String list(Turn turn, Segments segments)
      throws ActFailed, IOException, InterruptedException {
    return run(turn, "list", Long.toString(segments.each()));
  }

  /** How the member's server names segments. */
  static Segments segments(Turn turn) throws PgException, InterruptedException {
    return new Segments(
        turn.sql((session, deadline) ->
            session.one(
                "SELECT pg_size_bytes(current_setting('wal_segment_size'))",
                deadline.left(),
                row -> row.getLong(1))));
  }
}
