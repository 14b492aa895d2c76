package io.cotidal.objects.swift;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.remote.http.kept.Headers;
import java.util.Optional;

/**
 * Which object is written, when it is to have been written, and what goes with it. It is signed:
 * the time stays as it is, and of two writes the later one wins, in whichever order they come.
 *
 * @param version the version that is deleted; empty for the object itself
 * @param key of the container
 * @param headers its metadata and the like
 */
public record Writing(
    ContainerName container,
    String object,
    Optional<String> version,
    Timestamp written,
    Secret key,
    Headers headers) {
  /** With no headers. */
  public static Writing of(ContainerName container, String object, Timestamp written, Secret key) {
    return new Writing(container, object, Optional.empty(), written, key, Headers.NONE);
  }

  /** The same with these headers. */
  public Writing with(Headers lines) {
    return new Writing(container, object, version, written, key, lines);
  }

  /** That version of it. */
  public Writing version(String id) {
    return new Writing(container, object, Optional.of(id), written, key, headers);
  }

  /** Path and query below the version. */
  String target() {
    String path = container.path() + "/" + Encoded.path(object);
    return version.map(id -> path + "?version-id=" + Encoded.segment(id)).orElse(path);
  }

  SiteLine.Signed signed() {
    return new SiteLine.Signed(written, key);
  }
}
