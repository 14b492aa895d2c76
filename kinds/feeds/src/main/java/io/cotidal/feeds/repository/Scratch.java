package io.cotidal.feeds.repository;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/** The folder for what lies there for a moment only. Several processes may share it. */
final class Scratch {
  /** How every name in it begins. */
  static final String PREFIX = "cotidal-";

  private static final Duration OLD = Duration.ofDays(1);

  private Scratch() {}

  /**
   * A folder that is gone when this is closed.
   *
   * @param folder for nobody else
   */
  record Moment(Path folder) implements AutoCloseable {
    static Moment in(Path scratch) throws IOException {
      return new Moment(Files.createTempDirectory(scratch, PREFIX));
    }

    @Override
    public void close() throws IOException {
      remove(folder);
    }
  }

  /** Makes it, for nobody else, and removes what a process that was killed left long ago. */
  static Path open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Instant before = Instant.now().minus(OLD);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path entry : entries) {
        if (Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(before)) {
          remove(entry);
        }
      }
    }
    return folder.toRealPath();
  }

  /** Removes a folder with all that is in it. */
  static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Durable.empty(folder);
    }
    Files.deleteIfExists(folder);
  }
}
