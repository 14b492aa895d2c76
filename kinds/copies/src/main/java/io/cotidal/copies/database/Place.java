package io.cotidal.copies.database;

import java.nio.file.Path;

/**
 * One data folder and what a server needs to serve it.
 *
 * @param id unique on this host and for ever, for example {@code shop.c17}: names processes,
 *     containers, certificates
 * @param data the data folder; belongs to {@code uid}, readable for nobody else
 * @param run a folder beside it, readable for {@code uid} alone: socket, log, {@code server.crt}
 *     and {@code server.key}
 * @param uid number of the account that the server runs as; -1 for the account of this process
 * @param host the address on which the server listens
 * @param port its TCP port; 0 for a server that listens on its socket only
 * @param memoryMegabytes about how much memory the server may use for caches
 */
public record Place(
    String id, Path data, Path run, int uid, String host, int port, int memoryMegabytes) {
  /** The server's certificate, in PEM. */
  public Path certificate() {
    return run.resolve("server.crt");
  }

  /** The key of the certificate, in PEM, readable for the server alone. */
  public Path key() {
    return run.resolve("server.key");
  }

  /** What the server prints. */
  public Path log() {
    return run.resolve("server.log");
  }
}
