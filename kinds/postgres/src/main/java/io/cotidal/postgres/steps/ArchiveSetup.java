package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.ArchiveScript;
import java.io.IOException;
import java.util.Map;

/** {@link Acts#ARCHIVE}. */
final class ArchiveSetup implements Act {
  private static final int FETCHES_AT_ONCE = 140_000;

  private final Cluster cluster;

  ArchiveSetup(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    Archiving archiving = new Archiving(cluster.spec(), turn.node());
    if (archiving.script().isEmpty()) {
      throw new ActFailed(turn.node().id() + " is not to archive, or no file of it is in reach");
    }
    archiving.write(turn.inside());
    mark(turn, archiving);
    for (Map.Entry<String, String> setting : wanted(turn, archiving).entrySet()) {
      Reload.set(turn, setting.getKey(), setting.getValue());
    }
    boolean known = turn.await(turn.deadline().most(), Turn.CALM, () -> missing(turn).isEmpty());
    if (!known) {
      throw new IOException(turn.node().id() + ": " + missing(turn));
    }
    return evidence(turn);
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    String missing = missing(turn);
    return missing.isEmpty()
        ? new Inspection.Applied(evidence(turn))
        : new Inspection.NotApplied(turn.node().id() + ": " + missing);
  }

  /** Only a primary gets the mark, whatever was planned: its role may have changed meanwhile. */
  private void mark(Turn turn, Archiving archiving)
      throws PgException, IOException, InterruptedException {
    if (archives(turn) && !cluster.facts(turn).recovering()) {
      archiving.allow(turn.inside());
    } else {
      archiving.forbid(turn.inside());
    }
  }

  private static boolean archives(Turn turn) {
    return Boolean.parseBoolean(turn.argument(Acts.ARCHIVING));
  }

  private Map<String, String> wanted(Turn turn, Archiving archiving) {
    return archiving.settings(Boolean.parseBoolean(turn.argument(Acts.STOPPED)));
  }

  /** What is not yet as it should be; empty if all is. */
  private String missing(Turn turn) throws PgException, IOException, InterruptedException {
    Archiving archiving = new Archiving(cluster.spec(), turn.node());
    ArchiveScript script = archiving.script().orElse(null);
    if (script == null) {
      return "nothing is to be archived";
    }
    String there = turn.inside().read(script.file()).orElse("");
    if (!ArchiveScript.checksum(there).equals(script.checksum())) {
      return "the archive script is not there";
    }
    if (archives(turn) != archiving.allowed(turn.inside())) {
      return "the mark of who archives is not as wanted";
    }
    int version = cluster.facts(turn).version();
    for (Map.Entry<String, String> setting : wanted(turn, archiving).entrySet()) {
      boolean atOnce =
          !setting.getKey().equals(Archiving.MODE)
              && (version >= FETCHES_AT_ONCE || !setting.getKey().equals(Archiving.FETCH));
      if (atOnce && !current(turn, setting.getKey()).equals(setting.getValue())) {
        return setting.getKey() + " is not in force";
      }
    }
    return "";
  }

  private static String current(Turn turn, String setting)
      throws PgException, InterruptedException {
    return turn.sql((session, deadline) -> Reload.current(session, deadline, setting));
  }

  private static Details evidence(Turn turn) throws PgException, InterruptedException {
    boolean waits =
        turn.sql((session, deadline) ->
            session.one(
                """
                SELECT coalesce(bool_or(pending_restart), false) FROM pg_settings
                WHERE name IN ('archive_mode', 'restore_command')
                """,
                deadline.left(),
                row -> row.getBoolean(1)));
    return Details.of(Acts.RESTART, waits);
  }
}
