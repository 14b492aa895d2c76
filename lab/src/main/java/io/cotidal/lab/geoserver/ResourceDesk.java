package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Resource;
import io.cotidal.lab.geoserver.Catalogue.Store;
import io.cotidal.lab.geoserver.Catalogue.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Feature types, cascaded layers, and the layers that show them. */
final class ResourceDesk {
  private final Catalogue catalogue;
  private final Columns columns;

  ResourceDesk(Catalogue catalogue, Columns columns) {
    this.catalogue = catalogue;
    this.columns = columns;
  }

  Answer answer(Call call, Workspace workspace, Optional<String> store, boolean cascaded) {
    String outer = cascaded ? "wmsLayer" : "featureType";
    if (call.length() == 0) {
      if (call.is("GET")) {
        return Answer.json(Tree.names(outer + "s", outer, names(workspace, store, cascaded)));
      }
      return create(call.document(outer), workspace, store.orElseThrow(call::notAllowed), cascaded);
    }
    String name = call.at(0);
    Resource resource =
        Optional.ofNullable(workspace.resources.get(name))
            .filter(one -> one.cascaded() == cascaded)
            .filter(one -> store.isEmpty() || one.store().equals(store.get()))
            .orElseThrow(() -> Refusal.missing(outer + ": " + workspace.name + "," + name));
    if (call.length() == 2 && call.at(1).equals("reset")) {
      columns.forget(workspace.name + ":" + name);
      return Answer.done();
    }
    return switch (call.method()) {
      case "GET" -> {
        yield Answer.json(Tree.wrapped(outer, resource.fields()));
      }
      case "PUT" -> {
        Tree.merge(resource.fields(), call.document(outer));
        columns.forget(workspace.name + ":" + name);
        yield Answer.done();
      }
      case "DELETE" -> {
        if (resource.shown().isPresent() && !call.flag("recurse")) {
          throw new Refusal(403, "feature type referenced by layer(s)");
        }
        forget(workspace, name);
        yield Answer.done();
      }
      default -> throw call.notAllowed();
    };
  }

  private static List<String> names(Workspace workspace, Optional<String> store, boolean cascaded) {
    return workspace.resources.entrySet().stream()
        .filter(one -> one.getValue().cascaded() == cascaded)
        .filter(one -> store.isEmpty() || one.getValue().store().equals(store.get()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private Answer create(ObjectNode fields, Workspace workspace, String store, boolean cascaded) {
    String name = fields.path("name").asString();
    if (workspace.resources.containsKey(name)) {
      throw new Refusal(
          500,
          "Resource named '"
              + name
              + "' already exists in "
              + (cascaded ? "namespace: '" + workspace.name : "store: '" + store)
              + "'");
    }
    Store owner = workspace.store(store, cascaded);
    if (cascaded) {
      Remote.require(owner, fields.path("nativeName").asString());
    } else {
      columns.require(owner, fields);
    }
    if (!fields.has("nativeName")) {
      fields.put("nativeName", name);
    }
    if (!fields.has("title")) {
      fields.put("title", name);
    }
    if (!fields.has("latLonBoundingBox")) {
      fields.set("latLonBoundingBox", world());
      fields.set("nativeBoundingBox", world());
    }
    fields.put("enabled", true);
    fields.set(
        "store",
        Tree.node()
            .put("@class", cascaded ? "wmsStore" : "dataStore")
            .put("name", workspace.name + ":" + store));
    workspace.resources.put(name, Resource.of(store, cascaded, fields));
    catalogue.tiles.appear(workspace.name + ":" + name);
    return Answer.created("");
  }

  private static ObjectNode world() {
    return Tree.node()
        .put("minx", -180)
        .put("maxx", 180)
        .put("miny", -90)
        .put("maxy", 90)
        .put("crs", "EPSG:4326");
  }

  void forget(Workspace workspace, String name) {
    workspace.resources.remove(name);
    columns.forget(workspace.name + ":" + name);
    catalogue.tiles.disappear(workspace.name + ":" + name);
  }

  /** Whether a layer of the workspace shows itself in that style. */
  static boolean styled(Workspace workspace, String style) {
    return workspace.resources.values().stream()
        .flatMap(one -> one.shown().stream())
        .anyMatch(layer ->
            named(layer.path("defaultStyle"), style)
                || Tree.list(layer.path("styles"), "style").stream()
                    .anyMatch(one -> named(one, style)));
  }

  private static boolean named(JsonNode reference, String style) {
    String name = reference.path("name").asString();
    return reference.has("workspace") && name.substring(name.indexOf(':') + 1).equals(style);
  }

  /** Answers what stands below {@code layers}. */
  Answer layer(Call call) {
    String qualified = call.at(0);
    Resource resource =
        catalogue.shown(qualified).orElseThrow(() -> Refusal.missing("layer: " + qualified));
    ObjectNode layer = resource.shown().orElseThrow();
    return switch (call.method()) {
      case "GET" -> {
        yield Answer.json(Tree.wrapped("layer", shown(qualified, resource, layer)));
      }
      case "PUT" -> {
        ObjectNode update = call.document("layer");
        check(qualified, update);
        Tree.merge(layer, update);
        yield Answer.done();
      }
      case "DELETE" -> {
        if (catalogue.grouped(qualified)) {
          throw new Refusal(500, "Unable to delete layer referenced by layer group");
        }
        resource.layer().clear();
        catalogue.tiles.disappear(qualified);
        yield Answer.done();
      }
      default -> throw call.notAllowed();
    };
  }

  private void check(String qualified, ObjectNode update) {
    Workspace workspace = catalogue.workspace(qualified.substring(0, qualified.indexOf(':')));
    List<JsonNode> wanted = Tree.list(update.path("styles"), "style");
    if (update.has("defaultStyle")) {
      wanted.add(update.path("defaultStyle"));
    }
    for (JsonNode one : wanted) {
      String name = one.path("name").asString();
      boolean known =
          !one.has("workspace")
              || workspace.styles.containsKey(name.substring(name.indexOf(':') + 1));
      if (!known) {
        throw new Refusal(500, "No such style: " + name);
      }
    }
  }

  private static ObjectNode shown(String qualified, Resource resource, ObjectNode layer) {
    ObjectNode shown = layer.deepCopy();
    shown.put("name", qualified.substring(qualified.indexOf(':') + 1));
    shown.put("type", resource.cascaded() ? "WMS" : "VECTOR");
    shown.set(
        "resource",
        Tree.node()
            .put("@class", resource.cascaded() ? "wmsLayer" : "featureType")
            .put("name", qualified));
    for (JsonNode one : Tree.list(shown.path("styles"), "style")) {
      qualify(one);
    }
    qualify(shown.path("defaultStyle"));
    return shown;
  }

  private static void qualify(JsonNode reference) {
    String name = reference.path("name").asString();
    if (reference instanceof ObjectNode object && object.has("workspace") && !name.contains(":")) {
      object.put("name", object.path("workspace").asString() + ":" + name);
    }
  }
}
