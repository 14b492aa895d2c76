package io.cotidal.feeds.report;

import io.cotidal.feeds.report.Told.FailedToPublish;
import io.cotidal.feeds.report.Told.Polled;
import io.cotidal.feeds.report.Told.Published;
import io.cotidal.feeds.report.Told.TaskDone;
import io.cotidal.feeds.report.Told.Withdrawn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One record in the queue. Its file: the SHA-256 of the rest in hexadecimal, a line break, a JSON
 * object of texts.
 *
 * @param number which of two was told first
 */
record Slip(long number, Told told) {
  /** Longest text that is kept; what is longer is cut. */
  static final int LONGEST = 16_384;

  private static final int DIGEST = 64;
  private static final JsonMapper JSON = new JsonMapper();

  /** A name for the file of a topic. */
  static String file(String topic) {
    return digest(topic) + ".told";
  }

  /** The file's content. */
  String text() {
    Map<String, String> all = new TreeMap<>(fields());
    all.put("number", Long.toString(number));
    all.put("at", told.at().toString());
    String json = JSON.writeValueAsString(all);
    return digest(json) + "\n" + json;
  }

  private Map<String, String> fields() {
    return switch (told) {
      case Polled it ->
          Map.of(
              "is",
              "polled",
              "version",
              it.version(),
              "channels",
              String.join("\n", it.channels()),
              "synced",
              it.syncedAt().map(Instant::toString).orElse(""),
              "message",
              it.message());
      case Published it ->
          Map.of(
              "is",
              "published",
              "publish",
              it.publish(),
              "spatial",
              it.spatialType(),
              "job",
              it.job(),
              "batch",
              it.batch(),
              "message",
              it.message(),
              "preview",
              it.preview());
      case FailedToPublish it ->
          Map.of(
              "is",
              "failed",
              "publish",
              it.publish(),
              "spatial",
              it.spatialType(),
              "job",
              it.job(),
              "batch",
              it.batch(),
              "message",
              it.message());
      case Withdrawn it -> Map.of("is", "withdrawn", "publish", it.publish());
      case TaskDone it ->
          Map.of(
              "is",
              "task",
              "type",
              it.type(),
              "name",
              it.name(),
              "action",
              it.action(),
              "ok",
              Boolean.toString(it.ok()),
              "message",
              it.message(),
              "preview",
              it.preview());
    };
  }

  /** Reads a file's content; empty if it is not what was written. */
  static Optional<Slip> read(String text) {
    if (text.length() <= DIGEST
        || !text.substring(0, DIGEST).equals(digest(text.substring(DIGEST + 1)))) {
      return Optional.empty();
    }
    try {
      Map<String, String> fields =
          JSON.readValue(text.substring(DIGEST + 1), new TypeReference<Map<String, String>>() {});
      return Optional.of(new Slip(Long.parseLong(field(fields, "number")), told(fields)));
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Told told(Map<String, String> all) {
    Instant at = Instant.parse(field(all, "at"));
    return switch (field(all, "is")) {
      case "polled" -> polled(at, all);
      case "published" ->
          new Published(
              at,
              field(all, "publish"),
              field(all, "spatial"),
              field(all, "job"),
              field(all, "batch"),
              field(all, "message"),
              field(all, "preview"));
      case "failed" ->
          new FailedToPublish(
              at,
              field(all, "publish"),
              field(all, "spatial"),
              field(all, "job"),
              field(all, "batch"),
              field(all, "message"));
      case "withdrawn" -> new Withdrawn(at, field(all, "publish"));
      case "task" ->
          new TaskDone(
              at,
              field(all, "type"),
              field(all, "name"),
              field(all, "action"),
              Boolean.parseBoolean(field(all, "ok")),
              field(all, "message"),
              field(all, "preview"));
      default -> throw new IllegalArgumentException("a record of a newer version");
    };
  }

  private static Polled polled(Instant at, Map<String, String> all) {
    TreeSet<String> channels = new TreeSet<>();
    field(all, "channels").lines().forEach(channels::add);
    String synced = field(all, "synced");
    return new Polled(
        at,
        field(all, "version"),
        channels,
        synced.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(synced)),
        field(all, "message"));
  }

  private static String field(Map<String, String> all, String name) {
    String value = all.get(name);
    if (value == null) {
      throw new IllegalArgumentException("a record without " + name);
    }
    return value;
  }

  private static String digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
