package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.remote.http.Order.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GeoServer's JSON. It writes an empty list as an empty string, and a list of one as that one; both
 * are read as lists.
 */
final class Tree {
  private static final int DEEPEST = 60;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .build();

  private Tree() {}

  static JsonNode read(String text, String place) throws SiteException {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new SiteException(
          Kind.FAILED, place + ": the answer is not JSON: does something else listen there?", e);
    }
  }

  static ObjectNode node() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static ObjectNode wrapped(String outer, JsonNode inner) {
    ObjectNode node = node();
    node.set(outer, inner);
    return node;
  }

  static Content content(String outer, JsonNode inner) {
    return json(wrapped(outer, inner));
  }

  /** In ASCII, so that no two ways of reading it are possible. */
  static Content json(JsonNode tree) {
    StringBuilder text = new StringBuilder();
    tree.toString()
        .chars()
        .forEach(one -> {
          if (one < 127) {
            text.append((char) one);
          } else {
            text.append(String.format(Locale.ROOT, "\\u%04x", one));
          }
        });
    return Content.json(text.toString());
  }

  /** Refuses an answer without that field: an empty list has it, too. */
  static void require(JsonNode answer, String field, String place) throws SiteException {
    if (!answer.has(field)) {
      throw new SiteException(
          Kind.FAILED,
          place + ": the answer has no " + field + ": does something else listen there?");
    }
  }

  /** The elements of {@code holder.name}. */
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

  /** A field as text; empty if it is absent. */
  static String text(JsonNode node, String field) {
    return text(node.path(field));
  }

  static String text(JsonNode value) {
    return value.isValueNode() && !value.isNull() ? value.asString() : "";
  }

  /** {@code {"entry":[{"@key":..., "$":...}]}}, the map of GeoServer: the entry of {@code key}. */
  static Optional<JsonNode> entry(JsonNode holder, String key) {
    return list(holder, "entry").stream().filter(one -> text(one, "@key").equals(key)).findFirst();
  }

  static ObjectNode entry(String key, String value) {
    return node().put("@key", key).put("$", value);
  }

  /** The same map with {@code fresh} in place of whatever had its keys. */
  static ObjectNode entries(JsonNode holder, List<ObjectNode> fresh) {
    List<String> keys = fresh.stream().map(one -> text(one, "@key")).toList();
    ArrayNode all = array();
    list(holder, "entry").stream()
        .filter(one -> !keys.contains(text(one, "@key")) && one.isObject())
        .forEach(all::add);
    fresh.forEach(all::add);
    return wrapped("entry", all);
  }

  /** Takes an entry out of a map that {@link #entries} made. */
  static void drop(ObjectNode map, String key) {
    ArrayNode kept = array();
    list(map, "entry").stream().filter(one -> !text(one, "@key").equals(key)).forEach(kept::add);
    map.set("entry", kept);
  }

  /** Names in a list such as {@code {"layers":{"layer":[{"name":...}]}}}. */
  static List<String> names(JsonNode answer, String plural, String singular) {
    return list(answer.path(plural), singular).stream().map(one -> text(one, "name")).toList();
  }
}
