package io.cotidal.postgres.reach;

import java.nio.file.Path;
import java.util.List;

/**
 * How much room a member's file systems have for the account that runs the server.
 *
 * @param areas that of the data first; then that of the log, if it lies on another one
 */
public record Room(List<Area> areas) {
  /** Copies the list. */
  public Room {
    areas = List.copyOf(areas);
  }

  /**
   * One file system.
   *
   * @param path what of the member lies on it
   * @param free bytes
   * @param total bytes, more than 0
   */
  public record Area(Path path, long free, long total) {}
}
