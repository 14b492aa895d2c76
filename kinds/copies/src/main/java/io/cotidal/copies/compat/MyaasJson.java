package io.cotidal.copies.compat;

import io.cotidal.copies.compat.CopyDesk.Copy;
import io.cotidal.copies.compat.CopyDesk.Reach;
import io.cotidal.copies.compat.CopyDesk.Shown;
import io.cotidal.copies.compat.CopyDesk.Standing;
import io.cotidal.model.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The original's JSON: names in alphabetical order, a line break at the end, as Flask has it. */
final class MyaasJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxStringLength(4096)
                          .maxNumberLength(40)
                          .build())
                  .build())
          // A double has an infinity, for which there is no whole number.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private MyaasJson() {}

  /** Reads one document. */
  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  static String text(Map<String, ?> object) {
    return MAPPER.writeValueAsString(new TreeMap<>(object)) + "\n";
  }

  /** The one form that every refusal of the original has. */
  static String status(String sentence) {
    return text(Map.of("status", sentence));
  }

  /** A line of the list of copies. */
  static Map<String, Object> line(Copy copy, long nowMicros) {
    Map<String, Object> line = new TreeMap<>();
    line.put("template", copy.template());
    line.put("name", copy.name());
    line.put("state", DockerWords.status(copy, nowMicros));
    line.put("created", DockerWords.seconds(copy.createdMicros()));
    expiry(line, "expires_at", copy);
    return line;
  }

  /**
   * A copy with everything that its owner needs. The port is a text, as Docker gives it.
   *
   * @param password null if the caller may not have it
   */
  static Map<String, @Nullable Object> shown(
      Shown shown, @Nullable Secret password, long nowMicros) {
    Copy copy = shown.copy();
    Reach reach = shown.reach();
    Map<String, @Nullable Object> body = new TreeMap<>();
    body.put("database", reach.database());
    body.put("host", reach.host());
    body.put("name", copy.name());
    body.put("port", reach.port() == 0 ? null : String.valueOf(reach.port()));
    body.put("user", reach.user());
    body.put("password", password == null ? null : password.reveal());
    body.put("running", copy.standing() == Standing.RUNNING);
    body.put("status", DockerWords.status(copy, nowMicros));
    body.put("created", DockerWords.seconds(copy.createdMicros()));
    expiry(body, "expires_at", copy);
    return body;
  }

  /**
   * What {@code docker inspect} would say, as far as it means something here. The password is
   * nowhere in it: the original had it on a label.
   */
  static Map<String, Object> container(CopyDesk.Container container, String prefix) {
    Copy copy = container.shown().copy();
    Reach reach = container.shown().reach();
    Map<String, Object> labels = new TreeMap<>();
    labels.put("com.myaas.provider", copy.provider());
    labels.put("com.myaas.is_template", "False");
    labels.put("com.myaas.template", copy.template());
    labels.put("com.myaas.instance", copy.name());
    labels.put("com.myaas.username", reach.user());
    expiry(labels, "com.myaas.expiresAt", copy);
    boolean running = copy.standing() == Standing.RUNNING;
    Map<String, Object> ports =
        reach.port() == 0
            ? Map.of()
            : Map.of(
                container.serverPort() + "/tcp",
                List.of(Map.of("HostIp", reach.host(), "HostPort", String.valueOf(reach.port()))));
    Map<String, Object> body = new TreeMap<>();
    body.put("Id", container.id());
    body.put("Name", "/" + prefix + copy.template() + "-" + copy.name());
    body.put("Created", Instant.EPOCH.plus(copy.createdMicros(), ChronoUnit.MICROS).toString());
    body.put("Image", container.image());
    body.put("Config", Map.of("Image", container.image(), "Labels", labels));
    body.put("State", Map.of("Running", running, "Status", DockerWords.word(copy.standing())));
    body.put("NetworkSettings", Map.of("Ports", ports));
    body.put("Mounts", List.of(Map.of("Source", container.data(), "RW", true)));
    return body;
  }

  private static void expiry(Map<String, ? super String> into, String name, Copy copy) {
    if (copy.expiresMicros() != 0) {
      into.put(name, DockerWords.fraction(copy.expiresMicros()));
    }
  }
}
