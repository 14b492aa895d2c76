package io.cotidal.lab.geoserver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as GeoServer writes it: an empty list is an empty string, a list of one is the one. */
final class Tree {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Tree() {}

  static ObjectNode node() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static JsonNode parsed(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw (Refusal) new Refusal(400, "Could not read JSON").initCause(e);
    }
  }

  static ObjectNode document(byte[] bytes, String outer) {
    if (parsed(bytes).path(outer) instanceof ObjectNode object) {
      return object;
    }
    throw new Refusal(400, "Expected an object " + outer);
  }

  static ObjectNode wrapped(String outer, JsonNode inner) {
    ObjectNode node = node();
    node.set(outer, inner);
    return node;
  }

  /** {@code {"workspaces":{"workspace":[{"name":...}]}}}. */
  static ObjectNode names(String plural, String singular, Collection<String> names) {
    if (names.isEmpty()) {
      return node().put(plural, "");
    }
    ArrayNode all = array();
    for (String name : names) {
      all.add(node().put("name", name).put("href", "http://unused/" + singular));
    }
    return wrapped(plural, wrapped(singular, all));
  }

  /** What stands below {@code holder.name}, however it was written. */
  static List<JsonNode> list(JsonNode holder, String name) {
    JsonNode found = holder.path(name);
    List<JsonNode> all = new ArrayList<>();
    if (found.isArray()) {
      found.forEach(all::add);
    } else if (!found.isMissingNode() && !found.isNull()) {
      all.add(found);
    }
    return all;
  }

  /** {@code {name: [...]}}; one element stands alone. */
  static JsonNode holder(String name, List<JsonNode> elements) {
    if (elements.isEmpty()) {
      return MAPPER.getNodeFactory().stringNode("");
    }
    if (elements.size() == 1) {
      return wrapped(name, elements.getFirst());
    }
    ArrayNode all = array();
    elements.forEach(all::add);
    return wrapped(name, all);
  }

  /** Fields of {@code update} go over those of {@code original}; what it does not name stays. */
  static void merge(ObjectNode original, ObjectNode update) {
    for (Map.Entry<String, JsonNode> field : update.properties()) {
      original.set(field.getKey(), field.getValue());
    }
  }
}
