package io.cotidal.postgres.steps;

import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A base backup by the server's functions. It lives as long as its session: if that ends before
 * {@link #end}, the server drops it.
 */
final class Backup {
  private static final int RENAMED_IN = 150000;
  private static final Pattern START =
      Pattern.compile("START WAL LOCATION: .* \\(file ([0-9A-F]{24})\\)");

  private final PgSession session;
  private final Deadline deadline;
  private final boolean renamed;

  /**
   * What the end of a backup gives.
   *
   * @param label the text of {@code backup_label}
   * @param firstSegment file name of the first segment of the log that the copy needs
   * @param lastSegment of the last one
   */
  record End(String label, String firstSegment, String lastSegment) {}

  private Backup(PgSession session, Deadline deadline, boolean renamed) {
    this.session = session;
    this.deadline = deadline;
    this.renamed = renamed;
  }

  /** Begins one, with a checkpoint at once. */
  static Backup begin(PgSession session, Deadline deadline, String label) throws PgException {
    int version =
        session.one(
            "SELECT current_setting('server_version_num')::int",
            deadline.left(),
            row -> row.getInt(1));
    boolean renamed = version >= RENAMED_IN;
    session.run(
        renamed ? "SELECT pg_backup_start(?, true)" : "SELECT pg_start_backup(?, true, false)",
        deadline.left(),
        label);
    return new Backup(session, deadline, renamed);
  }

  /** About how many bytes there are to copy. */
  long bytes() throws PgException {
    return bytes(session, deadline);
  }

  /** About how many bytes there are to copy where {@code session} is. */
  static long bytes(PgSession session, Deadline deadline) throws PgException {
    return session.one(
        "SELECT coalesce(sum(pg_database_size(oid)), 0)::bigint FROM pg_database",
        deadline.left(),
        row -> row.getLong(1));
  }

  /** Ends it. Waits for no archive. */
  End end() throws PgException {
    String stop = renamed ? "pg_backup_stop(false)" : "pg_stop_backup(false, false)";
    return session.one(
        """
        SELECT labelfile,
               lpad(to_hex(position / size / (4294967296 / size)), 8, '0')
                 || lpad(to_hex(position / size % (4294967296 / size)), 8, '0')
        FROM (SELECT labelfile, (lsn - '0/0'::pg_lsn)::bigint - 1 AS position,
                     pg_size_bytes(current_setting('wal_segment_size')) AS size
              FROM $stop) AS ended
        """
            .replace("$stop", stop),
        deadline.left(),
        row -> {
          String label = row.getString(1);
          String first = first(label);
          return new End(
              label,
              first,
              first.substring(0, 8) + row.getString(2).toUpperCase(java.util.Locale.ROOT));
        });
  }

  private static String first(String label) {
    Matcher start = START.matcher(label);
    if (!start.find()) {
      throw new IllegalStateException("the server's backup label names no segment");
    }
    return start.group(1);
  }
}
