package io.cotidal.objects.mover;

import io.cotidal.objects.swift.ObjectHead;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A small object, a manifest or a link, as it was read.
 *
 * @param head of it, raw
 * @param headers with which it is written
 * @param bytes of it, raw
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
record Parcel(ObjectHead head, Headers headers, byte[] bytes) {
  private static final String META = "x-object-meta-";
  private static final Set<String> KEPT =
      Set.of(
          "content-encoding",
          "content-disposition",
          "content-language",
          "cache-control",
          "expires",
          "x-robots-tag",
          "x-delete-at");
  private static final Set<String> FORM =
      Set.of(
          "x-object-manifest",
          "x-static-large-object",
          "x-symlink-target",
          "x-symlink-target-account",
          "x-symlink-target-etag",
          "x-symlink-target-bytes");

  /** What of a head is written elsewhere with the object: all that its owner gave it. */
  static Headers whole(ObjectHead head, String type) {
    List<Header> lines = new ArrayList<>(metadata(head, type).list());
    for (Header line : head.headers().list()) {
      if (FORM.contains(line.name().toLowerCase(Locale.ROOT))) {
        lines.add(line);
      }
    }
    // The site checks what has come; a link has no sum of its own.
    if (head.link().isEmpty() && head.etag().matches("[0-9a-f]{32}")) {
      lines.add(new Header("ETag", head.etag()));
    }
    return new Headers(lines);
  }

  /** What of a head is written by a POST. */
  static Headers metadata(ObjectHead head, String type) {
    List<Header> lines = new ArrayList<>();
    if (!type.isEmpty()) {
      lines.add(new Header("Content-Type", type));
    }
    for (Header line : head.headers().list()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(META) || KEPT.contains(name)) {
        lines.add(line);
      }
    }
    return new Headers(lines);
  }

  /** Whether other objects have to be there before it. */
  boolean large() {
    return head.manifest() || head.segments().isPresent();
  }
}
