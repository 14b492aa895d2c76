package io.cotidal.objects.mover;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A part of a large object.
 *
 * @param container in the account of the large object
 * @param hash its sum; of one that is large itself, not what a listing shows
 * @param bytes its length
 * @param large whether it is a large object itself
 */
record Segment(String container, String name, String hash, long bytes, boolean large) {
  /** Reads a manifest as sites keep it. */
  static List<Segment> of(byte[] manifest, int site) throws SiteFailed {
    List<Segment> all = new ArrayList<>();
    try {
      for (JsonNode one : JsonMapper.shared().readTree(manifest)) {
        String path = one.path("name").asString("");
        int slash = path.indexOf('/', 1);
        if (path.isEmpty() && one.has("data")) {
          // Its bytes stand in the manifest.
          continue;
        }
        if (!path.startsWith("/") || slash < 2) {
          throw new SiteFailed(site, "its manifest names no object: " + path);
        }
        all.add(
            new Segment(
                path.substring(1, slash),
                path.substring(slash + 1),
                one.path("hash").asString(""),
                one.path("bytes").asLong(0),
                one.path("sub_slo").asBoolean(false)));
      }
    } catch (JacksonException e) {
      throw new SiteFailed(site, "its manifest is no JSON");
    }
    return all;
  }

  /** One that a listing shows. */
  static Segment listed(ContainerName in, ObjectRow row) {
    return new Segment(in.container(), row.name(), row.hash(), row.bytes(), false);
  }

  /** Where the segments of a dynamic large object lie. */
  record Prefix(String container, String prefix) {}

  /** Reads {@code X-Object-Manifest}. */
  static Prefix prefix(String header) {
    String path = URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
    int slash = path.indexOf('/');
    return slash < 0
        ? new Prefix(path, "")
        : new Prefix(path.substring(0, slash), path.substring(slash + 1));
  }

  ContainerName in(String account) {
    return new ContainerName(account, container);
  }

  /** Whether a listing shows it; of one that is large itself nobody knows. */
  boolean is(ObjectRow row) {
    return !large && row.bytes() == bytes && row.hash().equals(hash);
  }

  /** With what all of these begin. */
  static String common(Collection<String> names) {
    String common = null;
    for (String name : names) {
      if (common == null) {
        common = name;
      }
      int same = 0;
      while (same < Math.min(common.length(), name.length())
          && common.charAt(same) == name.charAt(same)) {
        same++;
      }
      // Not between the two halves of one letter.
      boolean half = same > 0 && Character.isHighSurrogate(common.charAt(same - 1));
      common = common.substring(0, half ? same - 1 : same);
    }
    return common == null ? "" : common;
  }

  @Override
  public String toString() {
    return container + "/" + name;
  }
}
