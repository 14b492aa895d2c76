package io.cotidal.objects.swift;

import io.cotidal.objects.names.Timestamp;
import io.cotidal.remote.http.kept.Headers;
import java.util.Optional;

/**
 * What a site says of an object.
 *
 * @param written when it or its metadata was
 * @param etag without quotes: its MD5, but for large objects and links
 * @param bytes of what a GET asked in the same way gives; -1 if the site does not say, as of a
 *     dynamic large object with many segments that is read as a whole
 * @param type its content type; empty if it has none
 * @param headers all; values may be secret
 */
public record ObjectHead(Timestamp written, String etag, long bytes, String type, Headers headers) {
  /** Whether it is the manifest of a static large object. */
  public boolean manifest() {
    return headers.first("X-Static-Large-Object").map("true"::equalsIgnoreCase).orElse(false);
  }

  /** Where the segments of a dynamic large object are: {@code container/prefix}, encoded. */
  public Optional<String> segments() {
    return headers.first("X-Object-Manifest");
  }

  /** To which {@code container/object} a link points, encoded; only if it was asked for raw. */
  public Optional<String> link() {
    return headers.first("X-Symlink-Target");
  }

  /** Which version it is, in a container that keeps versions. */
  public Optional<String> version() {
    return headers.first("X-Object-Version-Id");
  }

  /** Reads it. */
  static ObjectHead of(HeadReader head) throws SwiftTrouble {
    String etag = head.text("ETag").orElse("");
    return new ObjectHead(
        head.time("X-Timestamp"),
        etag.startsWith("\"") && etag.endsWith("\"") && etag.length() > 1
            ? etag.substring(1, etag.length() - 1)
            : etag,
        head.text("Content-Length").isPresent() ? head.count("Content-Length") : -1,
        head.text("Content-Type").orElse(""),
        head.answer().headers());
  }
}
