package io.cotidal.copies.database;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which installation an operator wants.
 *
 * @param version a version or its beginning, for example {@code 18}; empty for the newest there is
 * @param server the folder of the server's programs; empty to look in the usual ones
 */
public record Choice(String version, Optional<Path> server) {}
