package io.cotidal.feeds.delta;

import io.cotidal.feeds.delta.DeltaException.Why;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a delta says of itself before its rows.
 *
 * @param base what the table holds before
 * @param target what it holds after
 * @param deletes keys of rows that go
 * @param upserts rows that come, or take the place of the one with their key
 */
record DeltaHeader(
    Shape shape, TableDigest base, TableDigest target, Section deletes, Section upserts) {

  /**
   * A part of the file.
   *
   * @param records how many
   * @param bytes how long it is in the file, compressed
   */
  record Section(long records, long bytes) {}

  private static final int MOST_COLUMNS = 1600;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxStringLength(4096)
                          .maxNumberLength(20)
                          .build())
                  .build())
          .build();

  byte[] bytes() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("schema", shape.schema());
    all.put("table", shape.table());
    all.put(
        "columns",
        shape.columns().stream().map(c -> Map.of("name", c.name(), "type", c.type())).toList());
    all.put("key", shape.key());
    all.put("base", base.toString());
    all.put("target", target.toString());
    all.put("deletes", Map.of("records", deletes.records, "bytes", deletes.bytes));
    all.put("upserts", Map.of("records", upserts.records, "bytes", upserts.bytes));
    return JSON.writeValueAsString(all).getBytes(StandardCharsets.UTF_8);
  }

  static DeltaHeader read(byte[] bytes) throws DeltaException {
    try {
      JsonNode all = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
      return new DeltaHeader(
          shape(all),
          digest(all, "base"),
          digest(all, "target"),
          section(all, "deletes"),
          section(all, "upserts"));
    } catch (JacksonException e) {
      throw wrong("it is no JSON");
    }
  }

  static Shape shape(JsonNode all) throws DeltaException {
    List<Shape.Column> columns = new ArrayList<>();
    HashSet<String> names = new HashSet<>();
    for (JsonNode column : all.path("columns")) {
      columns.add(new Shape.Column(text(column, "name"), text(column, "type")));
      if (!names.add(columns.getLast().name())) {
        throw wrong("it names a column twice");
      }
    }
    List<String> key = new ArrayList<>();
    for (JsonNode name : all.path("key")) {
      key.add(name.asString(""));
    }
    if (columns.isEmpty()
        || columns.size() > MOST_COLUMNS
        || key.isEmpty()
        || !names.containsAll(key)
        || new HashSet<>(key).size() != key.size()) {
      throw wrong("its columns or its key are not usable");
    }
    return new Shape(text(all, "schema"), text(all, "table"), columns, key);
  }

  private static String text(JsonNode from, String name) throws DeltaException {
    String text = from.path(name).asString("");
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw wrong("it has no " + name);
    }
    return text;
  }

  static TableDigest digest(JsonNode from, String name) throws DeltaException {
    String text = text(from, name);
    return TableDigest.read(text).orElseThrow(() -> wrong("its " + name + " is no digest"));
  }

  private static Section section(JsonNode from, String name) throws DeltaException {
    long records = from.path(name).path("records").asLong(-1);
    long bytes = from.path(name).path("bytes").asLong(-1);
    if (records < 0 || bytes < 0) {
      throw wrong("its " + name + " have no length");
    }
    return new Section(records, bytes);
  }

  private static DeltaException wrong(String what) {
    return new DeltaException(
        Why.CORRUPT, "the header of a delta cannot be used, for " + what + "; load it in full");
  }
}
