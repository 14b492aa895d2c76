package io.cotidal.copies.database;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The programs of one version of a database server on this host.
 *
 * @param engine the engine's name
 * @param version as the server says it, for example {@code 10.11.19}; a base data folder is kept
 *     for each
 * @param server the folder of the server's programs
 * @param client the folder of the client's programs, which read dumps; empty if there are none
 */
public record Installation(String engine, String version, Path server, Optional<Path> client) {}
