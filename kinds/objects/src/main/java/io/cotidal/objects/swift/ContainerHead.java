package io.cotidal.objects.swift;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.remote.http.kept.Headers;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a site says of a container.
 *
 * @param created when; each site has its own time for that
 * @param objects as many as the listing has rows, nearly
 * @param bytes of them together
 * @param policy its storage policy, if the site names it
 * @param headers all: metadata, access lists, quotas and keys as the site shows them; values may be
 *     secret
 */
public record ContainerHead(
    Timestamp created, long objects, long bytes, Optional<String> policy, Headers headers) {
  /** The key with which writes to it are signed. */
  public Optional<Secret> key() {
    return headers.first("X-Container-Sync-Key").filter(value -> !value.isEmpty()).map(Secret::new);
  }

  /** Whether it keeps versions in the oldest way, in another container: a deletion restores one. */
  public boolean archived() {
    return Stream.of("X-Versions-Location", "X-History-Location")
        .anyMatch(name -> headers.first(name).filter(value -> !value.isEmpty()).isPresent());
  }

  /** Whether it keeps versions of its objects. */
  public boolean versioned() {
    return headers.first("X-Versions-Enabled").map("true"::equalsIgnoreCase).orElse(false);
  }
}
