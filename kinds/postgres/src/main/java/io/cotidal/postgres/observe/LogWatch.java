package io.cotidal.postgres.observe;

import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.postgres.reach.Places;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.SlotLimits;
import io.cotidal.remote.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one server keeps of its log, asked every few seconds: see {@link KeptAnswer}. Thread-safe.
 */
public final class LogWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  private static final String SLOTS =
      """
      SELECT slot_name, active, coalesce((restart_lsn - '0/0'::pg_lsn)::bigint, 0) AS restart,
             coalesce(greatest(0, (pg_current_wal_lsn() - restart_lsn)::bigint), 0) AS bytes,
             coalesce(wal_status, '') AS status
      FROM pg_replication_slots WHERE NOT temporary AND NOT pg_is_in_recovery() ORDER BY slot_name
      """;

  private static final String ARCHIVER =
      """
      SELECT pg_size_bytes(current_setting('max_slot_wal_keep_size')) AS most,
             pg_size_bytes(current_setting('wal_segment_size')) AS segment,
             (SELECT (redo_lsn - '0/0'::pg_lsn)::bigint FROM pg_control_checkpoint()) AS redo,
             CASE WHEN current_setting('archive_mode') = 'off'
                       AND (SELECT pending_restart FROM pg_settings WHERE name = 'archive_mode')
                  THEN 'pending' ELSE current_setting('archive_mode') END AS mode,
             current_setting('archive_command') AS push,
             current_setting('restore_command') AS fetch,
             coalesce(last_archived_wal, '') AS newest,
             coalesce(last_failed_wal, '') AS failed,
             coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS fails,
             (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') AS waiting,
             (pg_stat_file(?, true)).size IS NOT NULL AS allowed
      FROM pg_stat_archiver
      """;

  private static final String SCRIPT =
      "SELECT coalesce(encode(sha256(pg_read_binary_file(?, 0, "
          + MOST_BYTES
          + ", true)), 'hex'), '')";

  private final Care care;
  private final Places places;
  private final KeptAnswer<LogKeeping> answer;
  private final Map<String, Level> slots = new HashMap<>();
  private Level backlog = Level.WELL;
  private long failingSince;
  private String unanswered = "";

  LogWatch(Care care, Places places, Login login) {
    this.care = care;
    this.places = places;
    this.answer =
        new KeptAnswer<>(
            "what is kept of the log is", PERIOD, login, this::keeping, LogKeeping::aged);
  }

  /** Has the next look ask anew: something was changed. */
  public void stale() {
    answer.stale();
  }

  /** What it keeps; null if that is not known, or nobody wants to know it of a standby. */
  @Nullable LogKeeping latest(boolean standby, Deadline deadline) throws InterruptedException {
    return standby && care.archive().isEmpty() ? null : answer.latest(deadline);
  }

  private LogKeeping keeping(PgSession asked, Deadline deadline) throws PgException {
    List<LogKeeping.Slot> found = asked.all(SLOTS, deadline.left(), LogWatch::slot);
    String script = script(asked, deadline);
    LogKeeping kept =
        asked.one(
            ARCHIVER,
            deadline.left(),
            row -> keeping(row, found, script),
            places.gate().resolve(ArchiveScript.ARCHIVING).toString());
    boolean told = kept.archiver().trouble() != LogKeeping.Trouble.NONE;
    return told ? kept.without(lacking(asked, deadline, kept.archiver().failed())) : kept;
  }

  /**
   * Which of several repositories does not have the file that was refused; empty if nobody can
   * tell. Where nobody answered once, nobody is asked again for that file: a file system that hangs
   * would take one process of the server each time.
   */
  private String lacking(PgSession asked, Deadline deadline, String failed) {
    List<Archive.Place> repositories = care.archive().map(Archive::places).orElse(List.of());
    if (repositories.size() < 2 || failed.isEmpty() || failed.equals(unanswered)) {
      return "";
    }
    List<String> lacking = new ArrayList<>();
    try {
      for (Archive.Place place : repositories) {
        if (place instanceof Archive.Place.Folder folder
            && !there(asked, deadline, folder.folder().resolve(failed).toString())) {
          lacking.add(place.title());
        }
      }
    } catch (PgException e) {
      unanswered = failed;
      LOG.debug("which repository lacks {} is not known: {}", failed, e.getMessage());
      return "";
    }
    return String.join(" and ", lacking);
  }

  private static boolean there(PgSession asked, Deadline deadline, String file) throws PgException {
    try {
      return asked.one(
          "SELECT (pg_stat_file(?, true)).size IS NOT NULL",
          deadline.left(),
          row -> row.getBoolean(1),
          file);
    } catch (PgException e) {
      if (e.trouble() instanceof Trouble.Rejected) {
        return false;
      }
      throw e;
    }
  }

  private String script(PgSession asked, Deadline deadline) throws PgException {
    try {
      return asked.one(
          SCRIPT,
          deadline.left(),
          row -> row.getString(1),
          places.gate().resolve(ArchiveScript.NAME).toString());
    } catch (PgException e) {
      if (e.trouble() instanceof Trouble.Rejected) {
        // It is there and cannot be read, so that the server cannot run it either.
        return "";
      }
      throw e;
    }
  }

  private static LogKeeping.Slot slot(ResultSet row) throws SQLException {
    return new LogKeeping.Slot(
        row.getString("slot_name"),
        row.getBoolean("active"),
        row.getLong("restart"),
        row.getLong("bytes"),
        row.getString("status"),
        Level.WELL);
  }

  private LogKeeping keeping(ResultSet row, List<LogKeeping.Slot> found, String script)
      throws SQLException {
    long most = row.getLong("most");
    long segment = row.getLong("segment");
    long waiting = row.getLong("waiting");
    // Without a command nothing is tried, and the last failure says nothing.
    boolean fails = row.getBoolean("fails") && !row.getString("push").isEmpty();
    LogKeeping.Trouble trouble = trouble(fails, waiting * segment);
    LogKeeping.Archiver archiver =
        new LogKeeping.Archiver(
            row.getString("mode"),
            row.getString("push"),
            row.getString("fetch"),
            script,
            row.getBoolean("allowed"),
            row.getString("newest"),
            row.getString("failed"),
            waiting,
            trouble,
            backlog);
    return new LogKeeping(judged(found, most), most, segment, row.getLong("redo"), archiver, true);
  }

  private List<LogKeeping.Slot> judged(List<LogKeeping.Slot> found, long most) {
    SlotLimits limits = care.slots().within(most);
    Map<String, Level> levels = new HashMap<>();
    List<LogKeeping.Slot> judged = new ArrayList<>();
    for (LogKeeping.Slot slot : found) {
      boolean given = slot.status().equals("unreserved") || slot.status().equals("lost");
      Level before = slots.getOrDefault(slot.name(), Level.WELL);
      Level level =
          given ? Level.TOO_MUCH : Level.of(before, slot.bytes(), limits.much(), limits.tooMuch());
      levels.put(slot.name(), level);
      judged.add(
          new LogKeeping.Slot(
              slot.name(), slot.active(), slot.restart(), slot.bytes(), slot.status(), level));
    }
    slots.clear();
    slots.putAll(levels);
    return judged;
  }

  private LogKeeping.Trouble trouble(boolean fails, long bytes) {
    if (care.archive().isEmpty()) {
      return LogKeeping.Trouble.NONE;
    }
    Archive archive = care.archive().get();
    long now = System.nanoTime();
    failingSince = fails ? failingSince == 0 ? now : failingSince : 0;
    boolean lasting = fails && now - failingSince >= archive.patience().toNanos();
    backlog = Level.of(backlog, bytes, archive.backlog(), archive.backlog() * 4);
    if (backlog != Level.WELL) {
      return LogKeeping.Trouble.BEHIND;
    }
    return lasting ? LogKeeping.Trouble.FAILING : LogKeeping.Trouble.NONE;
  }

  @Override
  public void close() {
    answer.close();
  }
}
