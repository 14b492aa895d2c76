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
 * @param form of what stands for other objects
 * @param headers more of them: conditions, ranges
 */
public record Reading(
    ContainerName container, String object, Optional<String> version, Form form, Headers headers) {
  /** In which form manifests and links are read. */
  public enum Form {
    /** Themselves, as the site keeps them. */
    RAW,
    /** Manifests as the large objects that they stand for, links themselves. */
    WHOLE,
    /** As what they stand for. */
    SHOWN
  }

  /** The object as it is kept. */
  public static Reading raw(ContainerName container, String object) {
    return new Reading(container, object, Optional.empty(), Form.RAW, Headers.NONE);
  }

  /** The object as clients see it, unless it is a link. */
  public static Reading whole(ContainerName container, String object) {
    return new Reading(container, object, Optional.empty(), Form.WHOLE, Headers.NONE);
  }

  /** The object as clients see it. */
  public static Reading shown(ContainerName container, String object) {
    return new Reading(container, object, Optional.empty(), Form.SHOWN, Headers.NONE);
  }

  /** Another version of it. */
  public Reading version(String id) {
    return new Reading(container, object, Optional.of(id), form, headers);
  }

  /** With other headers. */
  public Reading with(Headers other) {
    return new Reading(container, object, version, form, other);
  }

  /** Path and query below the version of the interface. */
  public String target() {
    List<String> query = new ArrayList<>();
    if (form == Form.RAW) {
      query.add("multipart-manifest=get");
    }
    if (form != Form.SHOWN) {
      query.add("symlink=get");
    }
    version.ifPresent(id -> query.add("version-id=" + Encoded.segment(id)));
    String path = container.path() + "/" + Encoded.path(object);
    return query.isEmpty() ? path : path + "?" + String.join("&", query);
  }
}
