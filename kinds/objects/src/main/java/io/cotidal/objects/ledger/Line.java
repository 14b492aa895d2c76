package io.cotidal.objects.ledger;

import io.cotidal.objects.ledger.Entry.Write;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An entry as a line of JSON. */
final class Line {
  private static final JsonMapper JSON = new JsonMapper();

  private Line() {}

  static String of(Entry entry) {
    ObjectNode line = JSON.createObjectNode();
    line.put("id", entry.id());
    line.put("at", entry.at().toString());
    line.put("account", entry.container().account());
    line.put("container", entry.container().container());
    line.put("name", entry.name());
    if (!entry.version().isEmpty()) {
      line.put("version", entry.version());
    }
    line.put("site", entry.site());
    put(line, "lost", entry.lost());
    put(line, "stays", entry.stays());
    line.put("stamp", entry.stamp().toString());
    return JSON.writeValueAsString(line) + "\n";
  }

  private static void put(ObjectNode line, String what, Optional<Write> write) {
    if (write.isEmpty()) {
      line.put(what, "deletion");
      return;
    }
    ObjectNode it = line.putObject(what);
    it.put("written", write.get().written().toString());
    it.put("hash", write.get().hash());
    it.put("bytes", write.get().bytes());
  }

  /** Empty if it is no line of ours. */
  static Optional<Entry> read(String text) {
    try {
      JsonNode line = JSON.readTree(text);
      if (!line.isObject()) {
        return Optional.empty();
      }
      return Optional.of(
          new Entry(
              text(line, "id"),
              Instant.parse(text(line, "at")),
              new ContainerName(text(line, "account"), text(line, "container")),
              text(line, "name"),
              text(line, "version"),
              text(line, "site"),
              write(line.path("lost")),
              write(line.path("stays")),
              Timestamp.parse(text(line, "stamp"))));
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode line, String what) {
    return line.path(what).asString("");
  }

  private static Optional<Write> write(JsonNode it) {
    if (!it.isObject()) {
      return Optional.empty();
    }
    return Optional.of(
        new Write(
            Timestamp.parse(text(it, "written")), text(it, "hash"), it.path("bytes").asLong(0)));
  }
}
