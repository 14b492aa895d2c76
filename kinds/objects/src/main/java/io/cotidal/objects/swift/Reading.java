package io.cotidal.objects.swift;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import io.cotidal.remote.http.kept.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which object is read, and how.
 *
 * @param version which version of it; the current one if empty
 * @param raw manifests and links themselves, as the site keeps them, and not what they stand for
 * @param headers more of them: conditions, ranges
 */
public record Reading(
    ContainerName container,
    String object,
    Optional<String> version,
    boolean raw,
    Headers headers) {
  /** The object as it is kept. */
  public static Reading raw(ContainerName container, String object) {
    return new Reading(container, object, Optional.empty(), true, Headers.NONE);
  }

  /** The object as clients see it. */
  public static Reading shown(ContainerName container, String object) {
    return new Reading(container, object, Optional.empty(), false, Headers.NONE);
  }

  /** Another version of it. */
  public Reading version(String id) {
    return new Reading(container, object, Optional.of(id), raw, headers);
  }

  /** Path and query below the version. */
  String target() {
    List<String> query = new ArrayList<>();
    if (raw) {
      query.add("multipart-manifest=get");
      query.add("symlink=get");
    }
    version.ifPresent(id -> query.add("version-id=" + Encoded.segment(id)));
    String path = container.path() + "/" + Encoded.path(object);
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }
}
