package io.cotidal.lab.geoserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a stub knows. Used under the stub's lock. */
final class Catalogue {
  final SortedMap<String, Workspace> workspaces = new TreeMap<>();
  final SortedMap<String, String> rules = new TreeMap<>(Map.of("*.*.r", "*", "*.*.w", "ADMIN"));
  final TileCache tiles = new TileCache();
  private String mode = "HIDE";

  /** A workspace with its namespace. */
  static final class Workspace {
    final String name;
    final SortedMap<String, Store> stores = new TreeMap<>();
    final SortedMap<String, Resource> resources = new TreeMap<>();
    final SortedMap<String, Style> styles = new TreeMap<>();
    final SortedMap<String, ObjectNode> groups = new TreeMap<>();
    private String uri;

    Workspace(String name) {
      this.name = name;
      this.uri = "http://" + name;
    }

    String uri() {
      return uri;
    }

    void uri(String wanted) {
      uri = wanted;
    }

    Store store(String wanted, boolean cascaded) {
      return Optional.ofNullable(stores.get(wanted))
          .filter(one -> one.cascaded() == cascaded)
          .orElseThrow(() ->
              Refusal.missing((cascaded ? "wms store: " : "data store: ") + name + "," + wanted));
    }
  }

  /** A store of either sort. */
  record Store(boolean cascaded, ObjectNode fields) {
    /** A connection parameter. */
    String parameter(String key) {
      for (JsonNode entry : Tree.list(fields.path("connectionParameters"), "entry")) {
        if (entry.path("@key").asString().equals(key)) {
          return entry.path("$").asString();
        }
      }
      return "";
    }
  }

  /**
   * A feature type or a cascaded layer, with the layer that shows it.
   *
   * @param layer empty once the layer was deleted and the resource was not
   */
  record Resource(
      String store, boolean cascaded, ObjectNode fields, Map<String, ObjectNode> layer) {
    static Resource of(String store, boolean cascaded, ObjectNode fields) {
      ObjectNode layer = Tree.node();
      layer.set("defaultStyle", Tree.node().put("name", cascaded ? "raster" : "polygon"));
      return new Resource(store, cascaded, fields, new LinkedHashMap<>(Map.of("layer", layer)));
    }

    Optional<ObjectNode> shown() {
      return Optional.ofNullable(layer.get("layer"));
    }
  }

  /** A style with the text that was sent. */
  record Style(String type, Answer.Bytes text) {}

  Workspace workspace(String name) {
    return Optional.ofNullable(workspaces.get(name))
        .orElseThrow(() -> Refusal.missing("workspace: '" + name + "' found"));
  }

  /** The resource of {@code ws:name}, if a layer shows it. */
  Optional<Resource> shown(String qualified) {
    return resource(qualified).filter(one -> one.shown().isPresent());
  }

  Optional<Resource> resource(String qualified) {
    int colon = qualified.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.ofNullable(workspaces.get(qualified.substring(0, colon)))
            .map(found -> found.resources.get(qualified.substring(colon + 1)));
  }

  Optional<ObjectNode> group(String qualified) {
    int colon = qualified.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.ofNullable(workspaces.get(qualified.substring(0, colon)))
            .map(found -> found.groups.get(qualified.substring(colon + 1)));
  }

  /** Names of what a group shows. */
  static List<String> members(ObjectNode group) {
    return Tree.list(group.path("publishables"), "published").stream()
        .map(one -> one.path("name").asString())
        .toList();
  }

  boolean grouped(String qualified) {
    return workspaces.values().stream()
        .flatMap(one -> one.groups.values().stream())
        .anyMatch(group -> members(group).contains(qualified));
  }

  List<String> layers() {
    return workspaces.values().stream()
        .flatMap(one ->
            one.resources.entrySet().stream()
                .filter(entry -> entry.getValue().shown().isPresent())
                .map(entry -> one.name + ":" + entry.getKey()))
        .toList();
  }

  String mode() {
    return mode;
  }

  void mode(String wanted) {
    mode = wanted;
  }
}
