package io.cotidal.postgres.observe;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a server keeps of its write-ahead log, and how its archiving goes.
 *
 * @param slots its replication slots; empty on a standby
 * @param most {@code max_slot_wal_keep_size} in bytes; negative if it keeps everything
 * @param segment {@code wal_segment_size} in bytes
 * @param redo byte position from which a crash recovery would begin
 * @param archiver how its archiving goes
 * @param fresh whether no act has changed something since it was asked
 */
public record LogKeeping(
    List<Slot> slots, long most, long segment, long redo, Archiver archiver, boolean fresh) {
  /** Copies the list. */
  public LogKeeping {
    slots = List.copyOf(slots);
  }

  /**
   * A slot.
   *
   * @param active whether somebody uses it
   * @param restart byte position from which it keeps the log; 0 if it keeps nothing
   * @param bytes how much it keeps
   * @param status the server's word: {@code reserved}, {@code extended}, {@code unreserved}, {@code
   *     lost}
   * @param level how much that is
   */
  public record Slot(
      String name, boolean active, long restart, long bytes, String status, Level level) {}

  /** How archiving goes. */
  public enum Trouble {
    /** Well, or there is nothing to archive. */
    NONE,
    /** For so long that somebody should know, the newest try has failed. */
    FAILING,
    /** Too much waits. */
    BEHIND
  }

  /**
   * Archiving.
   *
   * @param mode {@code archive_mode} as in force; {@code pending} if it is off until the next start
   * @param push {@code archive_command} as in force
   * @param fetch {@code restore_command} as in force
   * @param script the checksum of the script beside the data; empty if there is none or it cannot
   *     be read
   * @param allowed whether the mark is there without which the script archives nothing
   * @param newest the file that was archived last; empty if none was
   * @param failed the file that could not be archived the last time; empty if none
   * @param without the repositories that lack that file, by their titles; empty if nobody can tell
   * @param waiting how many files wait
   * @param trouble what is wrong
   * @param level how much of it there is
   */
  public record Archiver(
      String mode,
      String push,
      String fetch,
      String script,
      boolean allowed,
      String newest,
      String failed,
      String without,
      long waiting,
      Trouble trouble,
      Level level) {
    /** With one repository, or none that can be told from the other. */
    public Archiver(
        String mode,
        String push,
        String fetch,
        String script,
        boolean allowed,
        String newest,
        String failed,
        long waiting,
        Trouble trouble,
        Level level) {
      this(mode, push, fetch, script, allowed, newest, failed, "", waiting, trouble, level);
    }

    /** Whether the server archives at all. */
    public boolean on() {
      return !mode.equals("off") && !mode.equals("pending");
    }
  }

  /** The same, with what is known of repositories. */
  LogKeeping without(String repositories) {
    Archiver now = archiver;
    return new LogKeeping(
        slots,
        most,
        segment,
        redo,
        new Archiver(
            now.mode(),
            now.push(),
            now.fetch(),
            now.script(),
            now.allowed(),
            now.newest(),
            now.failed(),
            repositories,
            now.waiting(),
            now.trouble(),
            now.level()),
        fresh);
  }

  /** The same, older than what has happened since. */
  LogKeeping aged() {
    return new LogKeeping(slots, most, segment, redo, archiver, false);
  }

  /** The slot of that name. */
  public Optional<Slot> slot(String name) {
    return slots.stream().filter(slot -> slot.name().equals(name)).findFirst();
  }

  /** What of it can change a plan or a diagnosis. */
  public Object essence() {
    return List.of(
        fresh,
        slots.stream()
            .map(slot -> slot.name() + slot.level() + slot.status().equals("lost"))
            .toList(),
        archiver.mode(),
        archiver.push(),
        archiver.fetch(),
        archiver.script(),
        archiver.allowed(),
        archiver.trouble(),
        archiver.without(),
        archiver.level());
  }

  /** An amount of bytes for people. */
  public static String amount(long bytes) {
    if (bytes < 1 << 20) {
      return bytes / 1024 + " KiB";
    }
    return bytes < 1L << 30
        ? bytes / (1 << 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
