package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Store;
import io.cotidal.lab.geoserver.Catalogue.Style;
import io.cotidal.lab.geoserver.Catalogue.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Workspaces, and their stores and styles. */
final class WorkspaceDesk {
  private final Catalogue catalogue;
  private final ResourceDesk resources;
  private final GroupDesk groups;
  private final Columns columns;

  WorkspaceDesk(Catalogue catalogue, ResourceDesk resources, Columns columns) {
    this.catalogue = catalogue;
    this.resources = resources;
    this.groups = new GroupDesk(catalogue);
    this.columns = columns;
  }

  Answer answer(Call call) {
    if (call.length() == 0) {
      return all(call);
    }
    if (call.length() == 1) {
      return one(call, call.at(0));
    }
    Workspace workspace = catalogue.workspace(call.at(0));
    Call below = call.below();
    return switch (below.at(0)) {
      case "datastores" -> stores(below.below(), workspace, false);
      case "wmsstores" -> stores(below.below(), workspace, true);
      case "featuretypes" -> resources.answer(below.below(), workspace, Optional.empty(), false);
      case "wmslayers" -> resources.answer(below.below(), workspace, Optional.empty(), true);
      case "styles" -> styles(below.below(), workspace);
      case "layergroups" -> groups.answer(below.below(), workspace);
      case "layers" ->
          Answer.json(
              Tree.names(
                  "layers",
                  "layer",
                  workspace.resources.entrySet().stream()
                      .filter(entry -> entry.getValue().shown().isPresent())
                      .map(Map.Entry::getKey)
                      .toList()));
      default -> throw Refusal.missing("endpoint");
    };
  }

  private Answer all(Call call) {
    if (call.is("GET")) {
      return Answer.json(Tree.names("workspaces", "workspace", catalogue.workspaces.keySet()));
    }
    if (!call.is("POST")) {
      throw call.notAllowed();
    }
    String name = call.document("workspace").path("name").asString();
    if (catalogue.workspaces.containsKey(name)) {
      throw new Refusal(409, "Workspace '" + name + "' already exists");
    }
    catalogue.workspaces.put(name, new Workspace(name));
    return Answer.created(name);
  }

  private Answer one(Call call, String name) {
    Workspace workspace = catalogue.workspace(name);
    if (call.is("GET")) {
      return Answer.json(Tree.wrapped("workspace", Tree.node().put("name", name)));
    }
    if (!call.is("DELETE")) {
      throw call.notAllowed();
    }
    if (!call.flag("recurse") && !(workspace.stores.isEmpty() && workspace.groups.isEmpty())) {
      throw new Refusal(403, "Workspace not empty");
    }
    catalogue.workspaces.remove(name);
    return Answer.done();
  }

  private Answer stores(Call call, Workspace workspace, boolean cascaded) {
    String outer = cascaded ? "wmsStore" : "dataStore";
    if (call.length() == 0) {
      if (call.is("GET")) {
        List<String> names =
            workspace.stores.entrySet().stream()
                .filter(entry -> entry.getValue().cascaded() == cascaded)
                .map(Map.Entry::getKey)
                .toList();
        return Answer.json(Tree.names(outer + "s", outer, names));
      }
      ObjectNode fields = call.document(outer);
      String name = fields.path("name").asString();
      if (workspace.stores.containsKey(name)) {
        throw new Refusal(500, "Store '" + name + "' already exists in workspace");
      }
      workspace.stores.put(name, new Store(cascaded, fields));
      return Answer.created(name);
    }
    Store store = workspace.store(call.at(0), cascaded);
    if (call.length() == 1) {
      return store(call, workspace, store, outer);
    }
    Call below = call.below();
    if (below.at(0).equals("reset")) {
      columns.forget();
      return Answer.done();
    }
    return resources.answer(below.below(), workspace, Optional.of(call.at(0)), cascaded);
  }

  private Answer store(Call call, Workspace workspace, Store store, String outer) {
    String name = call.at(0);
    return switch (call.method()) {
      case "GET" -> {
        yield Answer.json(Tree.wrapped(outer, hidden(store)));
      }
      case "PUT" -> {
        Tree.merge(store.fields(), call.document(outer));
        columns.forget();
        yield Answer.done();
      }
      case "DELETE" -> {
        boolean used =
            workspace.resources.values().stream().anyMatch(one -> one.store().equals(name));
        if (used && !call.flag("recurse")) {
          throw store.cascaded()
              ? new Refusal(401, "Unauthorized")
              : new Refusal(403, "datastore not empty");
        }
        Map.copyOf(workspace.resources)
            .forEach((resource, fields) -> {
              if (fields.store().equals(name)) {
                resources.forget(workspace, resource);
              }
            });
        workspace.stores.remove(name);
        yield Answer.done();
      }
      default -> throw call.notAllowed();
    };
  }

  /** The fields with passwords as GeoServer shows them: encrypted. */
  private static ObjectNode hidden(Store store) {
    ObjectNode shown = store.fields().deepCopy();
    for (JsonNode entry : Tree.list(shown.path("connectionParameters"), "entry")) {
      if (entry.path("@key").asString().equals("passwd") && entry instanceof ObjectNode object) {
        object.put("$", "crypt1:dGhpcyBpcyBub3QgaXQ=");
      }
    }
    if (shown.has("password")) {
      shown.put("password", "crypt1:dGhpcyBpcyBub3QgaXQ=");
    }
    return shown;
  }

  private static Answer styles(Call call, Workspace workspace) {
    if (call.length() == 0) {
      if (call.is("GET")) {
        return Answer.json(Tree.names("styles", "style", workspace.styles.keySet()));
      }
      String name = call.query().getOrDefault("name", "");
      if (workspace.styles.containsKey(name)) {
        throw new Refusal(403, "Style " + name + " already exists.");
      }
      Xml.read(call.body().all(), 500);
      workspace.styles.put(name, new Style(call.type(), call.body()));
      return Answer.created(name);
    }
    return style(call, workspace);
  }

  private static Answer style(Call call, Workspace workspace) {
    boolean content = call.asks(".sld");
    String name = content || call.asks(".json") ? call.at(0) : call.path().getFirst();
    Style style =
        Optional.ofNullable(workspace.styles.get(name))
            .orElseThrow(() -> Refusal.missing("style " + name));
    return switch (call.method()) {
      case "GET" -> {
        if (content) {
          yield Answer.of(200, style.type(), style.text().all());
        }
        yield Answer.json(
            Tree.wrapped("style", Tree.node().put("name", name).put("format", "sld")));
      }
      case "PUT" -> {
        Xml.read(call.body().all(), 400);
        workspace.styles.put(name, new Style(call.type(), call.body()));
        yield Answer.done();
      }
      case "DELETE" -> {
        if (!call.flag("recurse") && ResourceDesk.styled(workspace, name)) {
          throw new Refusal(403, "Can't delete style referenced by existing layers.");
        }
        workspace.styles.remove(name);
        yield Answer.done();
      }
      default -> throw call.notAllowed();
    };
  }
}
