package io.cotidal.feeds.geoserver;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The fields of a resource that we own, as text: everything else is its operator's. */
final class Owned {
  static final String VIRTUAL = "JDBC_VIRTUAL_TABLE";
  private static final String QUERY = "query";

  private Owned() {}

  /** Of {@code found}, the fields that {@code asked} has. */
  static SortedMap<String, String> like(JsonNode asked, JsonNode found) {
    SortedMap<String, String> all = new TreeMap<>();
    for (String key : new TreeSet<>(asked.propertyNames())) {
      switch (key) {
        case "name", "metadata", "projectionPolicy" -> {}
        case "keywords" -> all.put(key, String.join("\n", words(found.path(key))));
        case "nativeBoundingBox", "latLonBoundingBox" -> all.put(key, box(found.path(key)));
        default -> all.put(key, Tree.text(found, key));
      }
    }
    all.put(QUERY, query(found));
    return all;
  }

  /** One text for them all. */
  static String digest(JsonNode asked, JsonNode found) {
    return Digest.of(like(asked, found).toString());
  }

  private static List<String> words(JsonNode keywords) {
    return Tree.list(keywords, "string").stream().map(Tree::text).toList();
  }

  private static String box(JsonNode box) {
    return box.path("minx").asDouble(0)
        + " "
        + box.path("miny").asDouble(0)
        + " "
        + box.path("maxx").asDouble(0)
        + " "
        + box.path("maxy").asDouble(0);
  }

  private static String query(JsonNode resource) {
    return Tree.entry(resource.path("metadata"), VIRTUAL)
        .map(entry -> entry.path("virtualTable"))
        .map(table -> Tree.text(table, "sql") + "\n" + geometries(table))
        .orElse("");
  }

  private static String geometries(JsonNode table) {
    return String.join(
        ",", Tree.list(table, "geometry").stream().map(one -> Tree.text(one, "name")).toList());
  }
}
