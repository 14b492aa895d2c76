package io.cotidal.copies.storage;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A folder on one file system in which generations and copies lie. What the file system can do is
 * probed once, when the volume is opened. Thread-safe.
 */
public interface Volume {
  /** The folder. */
  Path root();

  /** How it copies. */
  Method method();

  /** Makes an empty folder that {@link #copy} can copy cheaply. Its parent exists. */
  void make(Path folder, Deadline deadline) throws IOException, InterruptedException;

  /**
   * Copies a folder at rest. The copy appears under its name whole or not at all, also when this
   * process is killed. Links are never followed: a folder that holds one is refused, unless the
   * link is left out. Sockets and pipes are no data and are left out.
   *
   * @param uid whose all of it becomes; -1 for nobody else's
   * @param leftOut given a path relative to the source
   * @throws java.nio.file.FileAlreadyExistsException if there is something of the target's name
   * @throws VolumeException if the volume is full or read-only
   * @throws IllegalArgumentException if one of both does not lie within the volume
   */
  void copy(Path source, Path target, int uid, Predicate<Path> leftOut, Deadline deadline)
      throws IOException, InterruptedException;

  /**
   * Removes a folder with all that is in it. One that is not there is no error.
   *
   * @throws VolumeException if the volume is read-only
   * @throws IllegalArgumentException if it does not lie within the volume
   */
  void remove(Path folder, Deadline deadline) throws IOException, InterruptedException;

  /**
   * Puts everything on the disk that was written to the volume: what a generation needs before it
   * is published, and what no copy waits for. A copy that a power cut takes is made anew. Ends when
   * the disk has it: the kernel takes no deadline for this.
   */
  void settle() throws IOException;

  /**
   * Makes sure that {@link #limit} works here. Lets the file system count from now on what is
   * written, if that has to be.
   *
   * @throws IOException with reason and remedy, if it cannot be
   */
  void requireLimits() throws IOException;

  /**
   * Limits what a copy may write beside what it shares with its source; whoever writes more is told
   * by the file system. Replaces an earlier limit.
   */
  void limit(Path folder, long bytes) throws IOException;

  /** How much room there is, on the volume and on the file system that carries it. */
  Space space() throws IOException;

  /** How a volume copies a folder. */
  enum Method {
    /** A btrfs snapshot: takes the same time for any size. */
    SNAPSHOT("btrfs snapshot"),
    /** Files that share their extents: takes time for each file, not for each byte. */
    REFLINK("reflink"),
    /** Byte by byte: slow, and takes as much room again. */
    PLAIN("plain copy (slow: this file system shares nothing; see cot volume init)");

    private final String words;

    Method(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /**
   * Room in bytes.
   *
   * @param free what may still be written: the least of all levels, for a volume in a file of
   *     another file system
   * @param total of the volume
   */
  record Space(long free, long total) {}
}
