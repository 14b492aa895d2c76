package io.cotidal.engine.snapshot;

import io.cotidal.model.Details;
import io.cotidal.model.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The archive of a resource: base backups, and the log from them on, out of which its data is made
 * as it was at an earlier moment. It is only read; the resource is not asked, and may be gone.
 * Thread-safe.
 */
public interface ArchiveSource {
  /** In a wish: which base backup; the newest that ended before the target if absent. */
  String BACKUP = "backup";

  /** In a wish: which timeline; the newest of which the archive has the history if absent. */
  String TIMELINE = "timeline";

  /**
   * Chooses a base backup, and looks whether the log leads from it to the target. Touches no data.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  Choice choose(Wish wish) throws InterruptedException;

  /**
   * What is asked for.
   *
   * @param until {@link RecoveryTarget#WORDS}, {@link #BACKUP} and {@link #TIMELINE}
   * @param programs the folder of the server's programs, by which the log is read
   * @param scratch an existing folder for small files, the caller's to remove
   * @param deadline how long it may take
   */
  record Wish(Details until, Path programs, Path scratch, Duration deadline) {}

  /** Whether the target can be reached. */
  sealed interface Choice {
    /** It can, from there, by what {@code filling} lays. */
    record Chosen(Origin origin, Filling filling) implements Choice {}

    /** It cannot; one sentence with the reason. */
    record Refused(String reason) implements Choice {}
  }

  /**
   * From what data is made.
   *
   * @param backup the base backup
   * @param version the server's major version, as in {@code 15}
   * @param cluster the identifier that all members of the cluster share
   * @param timeline on which recovery goes on
   * @param least byte position that a recovery of all there is must reach
   * @param bytes of the base backup and of the log that are laid
   */
  record Origin(
      String backup, String version, String cluster, long timeline, long least, long bytes) {}

  /** Lays what was chosen. */
  @FunctionalInterface
  interface Filling {
    /**
     * Copies the base backup, holds it against its checksums, and adds the log, so that a recovery
     * needs nothing else. No other process works in the target meanwhile, and none is left there.
     *
     * @param progress told how many bytes are copied
     * @throws InterruptedException if the thread was interrupted; the target is of no use then
     */
    Result lay(Order order, Consumer<Progress> progress) throws InterruptedException;
  }

  /**
   * Whereto.
   *
   * @param target an empty folder
   * @param uid whose the copied files become; -1 for this process's own
   * @param deadline how long it may take
   */
  record Order(Path target, int uid, Duration deadline) {}

  /** What became of an order. */
  sealed interface Result {
    /**
     * The target holds the base backup with its label, and the log.
     *
     * @param from the repository that the base backup is of
     * @param verified whether its checksums were compared; false if there is no program for it
     * @param bytes copied, shared ones included
     * @param method how: {@code reflink} or {@code copy}
     */
    record Laid(String from, boolean verified, long bytes, String method) implements Result {}

    /** The target is of no use; one sentence with reason and remedy. */
    record Failed(String reason) implements Result {}
  }
}
