package io.cotidal.lab.geoserver;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers what stands below {@code rest}. Used under the stub's lock. */
final class RestDesk {
  private final Catalogue catalogue;
  private final WorkspaceDesk workspaces;
  private final ResourceDesk resources;
  private final Columns columns;

  RestDesk(Catalogue catalogue, Columns columns) {
    this.catalogue = catalogue;
    this.columns = columns;
    this.resources = new ResourceDesk(catalogue, columns);
    this.workspaces = new WorkspaceDesk(catalogue, resources, columns);
  }

  Answer answer(Call call) {
    return switch (call.at(0)) {
      case "about" -> Answer.json(version());
      case "workspaces" -> workspaces.answer(call.below());
      case "namespaces" -> namespace(call.below());
      case "layers" ->
          call.length() == 1
              ? Answer.json(Tree.names("layers", "layer", catalogue.layers()))
              : resources.layer(call.below());
      case "layergroups" -> Answer.json(Tree.node().put("layerGroups", ""));
      case "styles" ->
          Answer.json(
              Tree.names(
                  "styles", "style", new TreeSet<>(List.of("line", "point", "polygon", "raster"))));
      case "security" -> security(call.below());
      case "reset", "reload" -> {
        if (call.is("GET")) {
          throw call.notAllowed();
        }
        columns.forget();
        yield Answer.done();
      }
      default -> throw Refusal.missing("endpoint");
    };
  }

  private static JsonNode version() {
    return Tree.wrapped(
        "about",
        Tree.wrapped(
            "resource",
            Tree.array()
                .add(Tree.node().put("@name", "GeoServer").put("Version", "2.26.2"))
                .add(Tree.node().put("@name", "GeoTools").put("Version", "32.2"))));
  }

  private Answer namespace(Call call) {
    Catalogue.Workspace workspace = catalogue.workspace(call.at(0));
    if (call.is("GET")) {
      return Answer.json(
          Tree.wrapped(
              "namespace", Tree.node().put("prefix", workspace.name).put("uri", workspace.uri())));
    }
    if (!call.is("PUT")) {
      throw call.notAllowed();
    }
    workspace.uri(call.document("namespace").path("uri").asString());
    return Answer.done();
  }

  private Answer security(Call call) {
    if (call.length() < 2 || !call.at(0).equals("acl")) {
      throw Refusal.missing("endpoint");
    }
    return call.at(1).equals("catalog") ? mode(call) : rules(call);
  }

  private Answer mode(Call call) {
    if (call.is("PUT")) {
      catalogue.mode(Tree.parsed(call.body().all()).path("mode").asString());
      return Answer.done();
    }
    return Answer.json(Tree.node().put("mode", catalogue.mode()));
  }

  private Answer rules(Call call) {
    return switch (call.method()) {
      case "GET" -> {
        ObjectNode all = Tree.node();
        catalogue.rules.forEach(all::put);
        yield Answer.json(all);
      }
      case "DELETE" -> {
        if (catalogue.rules.remove(call.path().get(2)) == null) {
          throw new Refusal(404, "Rule not found: " + call.path().get(2));
        }
        yield Answer.done();
      }
      case "POST", "PUT" -> {
        set((ObjectNode) Tree.parsed(call.body().all()), call.is("POST"));
        yield Answer.done();
      }
      default -> throw call.notAllowed();
    };
  }

  private void set(ObjectNode rules, boolean anew) {
    for (Map.Entry<String, JsonNode> rule : rules.properties()) {
      if (catalogue.rules.containsKey(rule.getKey()) == anew) {
        throw new Refusal(
            409, "Rules " + (anew ? "already exist: " : "not found: ") + rule.getKey());
      }
      if (!rule.getKey().matches("(?:[^.]|\\\\\\.)+\\.(?:(?:[^.]|\\\\\\.)+\\.)?[rwa]")) {
        throw new Refusal(422, "Invalid rule " + rule.getKey());
      }
    }
    rules.properties().forEach(one -> catalogue.rules.put(one.getKey(), one.getValue().asString()));
  }
}
