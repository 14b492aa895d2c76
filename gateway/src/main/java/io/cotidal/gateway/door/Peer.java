package io.cotidal.gateway.door;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Another site.
 *
 * @param name of the site
 * @param url where its proxy answers, up to the version: {@code https://swift.b.example/v1}
 * @param authority certificates that are trusted there beside the system's
 */
public record Peer(String name, String url, Optional<Path> authority) {}
