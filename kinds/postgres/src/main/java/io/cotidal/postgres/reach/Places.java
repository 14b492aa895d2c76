package io.cotidal.postgres.reach;

import java.nio.file.Path;

/**
 * Where a member's files lie on its machine.
 *
 * @param data its data directory, absolute
 * @param bin the directory of its programs
 */
public record Places(Path data, Path bin) {
  /** In the gate's folder: what {@code initdb} reads. */
  public static final String INITDB_PASSWORD = "initdb-password";

  /** In the gate's folder: what single-user mode reads. */
  public static final String ROLES = "roles.sql";

  /** The same, without detours. */
  public Places {
    data = data.toAbsolutePath().normalize();
  }

  /** The folder of the gate's files. */
  public Path gate() {
    return data.resolveSibling(data.getFileName() + ".gate");
  }

  /** The gate's mark that the data is not whole. */
  public Path incomplete() {
    return gate().resolve("incomplete");
  }

  /** The file that makes a start a demoted one. */
  public Path signal() {
    return data.resolve("standby.signal");
  }

  /** The server's lock file. */
  public Path lock() {
    return data.resolve("postmaster.pid");
  }

  /** What the server prints. */
  public Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  /** The folder of what was kept of its log before that was overwritten. */
  public Path lost() {
    return data.resolveSibling(data.getFileName() + ".lost");
  }

  /** A program of the server. */
  public Path program(String name) {
    return bin.resolve(name);
  }
}
