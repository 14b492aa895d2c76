package io.cotidal.feeds.delta;

import java.nio.file.Path;

/** What packing a table came to. Each leaves the table's state for the next time. */
public sealed interface Packed {
  /** What the table holds now. */
  TableDigest target();

  /**
   * There is nothing to compare with: replicas must load it in full.
   *
   * @param reason one line
   */
  record Fresh(TableDigest target, String reason) implements Packed {}

  /** Nothing changed since the last time. */
  record Unchanged(TableDigest target) implements Packed {}

  /**
   * The delta is written.
   *
   * @param base what a replica must hold to use it
   * @param bytes length of the file
   */
  record Changed(
      Path delta, TableDigest base, TableDigest target, long deletes, long upserts, long bytes)
      implements Packed {}
}
