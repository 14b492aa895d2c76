package io.cotidal.gateway.reading;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The manifest of a static large object, as sites keep it. */
record Manifest(List<Entry> entries) {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})-(\\d{1,18})");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

  /** Copies the list. */
  Manifest {
    entries = List.copyOf(entries);
  }

  /**
   * One part.
   *
   * @param container in the account of the large object
   * @param hash of the object there; of one that is large itself, the sum over its parts
   * @param size of the object there
   * @param range which of its bytes, as it stands in the manifest; all if empty
   * @param large whether it is a large object itself
   */
  record Entry(
      String container,
      String object,
      String hash,
      long size,
      Optional<String> range,
      boolean large) {
    /** The first of its bytes. */
    long from() {
      return range.map(text -> Long.parseLong(text.substring(0, text.indexOf('-')))).orElse(0L);
    }

    /** How many of them. */
    long bytes() {
      return range
          .map(text -> Long.parseLong(text.substring(text.indexOf('-') + 1)) - from() + 1)
          .orElse(size);
    }
  }

  /** Reads one. */
  static Manifest read(byte[] json) throws Unsure {
    List<Entry> entries = new ArrayList<>();
    try {
      for (JsonNode one : JsonMapper.shared().readTree(json)) {
        entries.add(entry(one));
      }
    } catch (JacksonException e) {
      throw new Unsure("its manifest is no JSON");
    }
    return new Manifest(entries);
  }

  private static Entry entry(JsonNode one) throws Unsure {
    String path = one.path("name").asString("");
    int slash = path.indexOf('/', 1);
    String hash = one.path("hash").asString("");
    long size = one.path("bytes").asLong(-1);
    // Bytes that stand in the manifest, and lengths in types, which old Swifts have written.
    boolean odd = one.has("data") || one.path("content_type").asString("").contains("swift_bytes=");
    boolean named = path.startsWith("/") && slash > 1 && slash < path.length() - 1;
    if (odd || !named || size < 0 || !HASH.matcher(hash).matches()) {
      throw new Unsure("its manifest holds something else than segments");
    }
    Entry entry =
        new Entry(
            path.substring(1, slash),
            path.substring(slash + 1),
            hash,
            size,
            range(one.path("range")),
            yes(one.path("sub_slo")));
    if (entry.bytes() < 0 || entry.from() + entry.bytes() > size) {
      throw new Unsure("its manifest asks for more of a segment than there is");
    }
    return entry;
  }

  private static Optional<String> range(JsonNode text) throws Unsure {
    if (text.isMissingNode() || text.isNull()) {
      return Optional.empty();
    }
    Matcher range = RANGE.matcher(text.asString(""));
    if (!range.matches()) {
      throw new Unsure("its manifest has a range that is none");
    }
    return Optional.of(range.group());
  }

  private static boolean yes(JsonNode value) {
    return value.asBoolean(false) || value.asString("").equalsIgnoreCase("true");
  }

  /** Of the whole. */
  long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  /** What Swift shows of the whole as its ETag. */
  String etag() {
    StringBuilder all = new StringBuilder();
    for (Entry each : entries) {
      all.append(each.hash());
      each.range().ifPresent(range -> all.append(':').append(range).append(';'));
    }
    return Sums.md5(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
