package io.cotidal.postgres.plan.archiving;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.Optional;

/**
 * How archiving should be set up on the members.
 *
 * @param spec the cluster
 * @param archive what is configured
 * @param stopped whether somebody has stopped it
 */
public record ArchiveWish(PostgresSpec spec, Archive archive, boolean stopped) {
  private static final String ARCHIVING = "archiving";
  private static final String STOPPED = "stopped";

  /** Before this version a change of {@code restore_command} waits for the next start. */
  private static final int FETCHES_AT_ONCE = 140_000;

  /** The one of a cluster that archives. */
  static Optional<ArchiveWish> of(PostgresSpec spec, Details ledger) {
    return spec.practice()
        .care()
        .archive()
        .map(archive -> new ArchiveWish(spec, archive, ledger.get(ARCHIVING, "").equals(STOPPED)));
  }

  /** What the ledger says once it is stopped, or goes on. */
  public static Details mark(boolean on) {
    return Details.of(ARCHIVING, on ? "" : STOPPED);
  }

  /** The script of a member that has a gate. */
  public ArchiveScript script(Server server) {
    return ArchiveScript.of(spec, server).orElseThrow();
  }

  /** What is not as it should be on a member that tells; empty if all is. */
  Optional<String> drift(Server server, PgFacts facts, LogKeeping log, MemberId primary) {
    ArchiveScript script = script(server);
    LogKeeping.Archiver now = log.archiver();
    if (now.script().isEmpty()) {
      return Optional.of("it has no archive script that can be read");
    }
    if (!now.script().equals(script.checksum())) {
      return Optional.of("its archive script is another one than wanted");
    }
    if (now.mode().equals("off")) {
      return Optional.of("archive_mode is off");
    }
    if (!now.push().equals(stopped ? "" : script.pushing())) {
      return Optional.of(
          stopped ? "it archives, and must not now" : "archive_command is not as wanted");
    }
    boolean tells = facts.version() >= FETCHES_AT_ONCE;
    if (tells && !now.fetch().equals(script.fetching())) {
      return Optional.of("restore_command is not as wanted");
    }
    boolean allowed = server.id().equals(primary);
    return now.allowed() == allowed
        ? Optional.empty()
        : Optional.of(
            allowed
                ? "it is the primary, and its script does not know"
                : "it is not the primary, and its script does not know");
  }
}
