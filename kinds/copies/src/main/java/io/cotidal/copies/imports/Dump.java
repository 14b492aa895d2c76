package io.cotidal.copies.imports;

import java.nio.file.Path;

/**
 * A dump in the file system, recognised by its content.
 *
 * @param file the file, or the folder of a PostgreSQL dump in directory format
 * @param form what it is
 * @param packing how it is compressed as a whole
 * @param bytes its size on disk
 */
public record Dump(Path file, Form form, Packing packing, long bytes) {
  /** What a dump is once it is decompressed. */
  public enum Form {
    /** SQL statements. */
    SQL,
    /** {@code pg_dump -Fc}. */
    PG_CUSTOM,
    /** {@code pg_dump -Fd}. */
    PG_DIRECTORY
  }

  /** How a dump is compressed. */
  public enum Packing {
    /** Not at all. */
    NONE,
    /** gzip. */
    GZIP,
    /** Zstandard. */
    ZSTD,
    /** xz. */
    XZ
  }
}
