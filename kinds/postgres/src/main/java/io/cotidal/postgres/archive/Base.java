package io.cotidal.postgres.archive;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A base backup that was taken as a whole, as the record beside it says.
 *
 * @param id when it began, for example {@code 20261123T141530Z}
 * @param systemId the database system identifier, decimal
 * @param timeline on which it begins
 * @param start byte position from which it must be recovered
 * @param stop byte position that recovery must reach
 * @param began by the clock of the machine that took it
 * @param ended the same
 * @param bytes how large it is
 * @param segment size of a segment of its log in bytes
 * @param version the server's major version, for example 15
 * @param needs what a standby of it must have at least: {@link #NEEDS}, in this order
 * @param verified whether it was held against its checksums when it was taken
 * @param places the words of the repositories in which it is
 */
public record Base(
    String id,
    String systemId,
    long timeline,
    long start,
    long stop,
    Instant began,
    Instant ended,
    long bytes,
    long segment,
    int version,
    List<Long> needs,
    boolean verified,
    List<String> places) {
  /** The settings of {@link #needs}. */
  public static final List<String> NEEDS =
      List.of(
          "max_connections",
          "max_worker_processes",
          "max_wal_senders",
          "max_prepared_transactions",
          "max_locks_per_transaction");

  /** With this word a line about one begins. */
  static final String WORD = "base";

  /** With this a list of them ends, and then comes how many there are. */
  static final String COUNT = "bases ";

  private static final int WORDS = 13;
  private static final Pattern LSN = Pattern.compile("([0-9A-F]{1,8})/([0-9A-F]{1,8})");

  /** Copies the lists. */
  public Base {
    needs = List.copyOf(needs);
    places = List.copyOf(places);
  }

  /**
   * Those of which a text tells, the oldest first; lines about anything else are passed over. One
   * that is in several repositories comes once.
   *
   * @throws IllegalArgumentException if a line about one has another form, or not all of them came
   */
  public static List<Base> all(String printed) {
    Map<String, Base> found = new LinkedHashMap<>();
    int lines = 0;
    for (String line : printed.lines().toList()) {
      if (line.startsWith(WORD + " ")) {
        Base base = read(line);
        found.merge(base.id(), base, Base::and);
        lines++;
      } else if (line.startsWith(COUNT) && !line.equals(COUNT + lines)) {
        throw new IllegalArgumentException("the list of base backups did not come whole");
      }
    }
    List<Base> all = new ArrayList<>(found.values());
    all.sort((one, other) -> one.id().compareTo(other.id()));
    return all;
  }

  private Base and(Base other) {
    List<String> both = new ArrayList<>(places);
    both.addAll(other.places);
    return new Base(
        id,
        systemId,
        timeline,
        start,
        stop,
        began,
        ended,
        bytes,
        segment,
        version,
        needs,
        verified && other.verified,
        both);
  }

  private static Base read(String line) {
    String[] words = line.strip().split(" ");
    if (words.length < WORDS) {
      throw new IllegalArgumentException("'" + line + "' is no record of a base backup");
    }
    try {
      return new Base(
          words[1],
          words[2],
          Long.parseLong(words[3]),
          position(words[4]),
          position(words[5]),
          Instant.ofEpochSecond(Long.parseLong(words[6])),
          Instant.ofEpochSecond(Long.parseLong(words[7])),
          Long.parseLong(words[8]),
          Long.parseLong(words[9]),
          Integer.parseInt(words[10]),
          List.of(words[11].split(":", -1)).stream().map(Long::valueOf).toList(),
          words[12].equals("yes"),
          words.length > WORDS ? List.of(words[WORDS]) : List.of());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + line + "' is no record of a base backup", e);
    }
  }

  /** A byte position out of the server's notation. */
  static long position(String lsn) {
    Matcher parts = LSN.matcher(lsn);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + lsn + "' is no position in the log");
    }
    return (Long.parseLong(parts.group(1), 16) << 32) | Long.parseLong(parts.group(2), 16);
  }

  /** The number of the first segment that it needs. */
  public long firstSegment() {
    return new Segments(segment).holding(start);
  }
}
