package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Workspace;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Layer groups of a workspace. */
final class GroupDesk {
  private final Catalogue catalogue;

  GroupDesk(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  Answer answer(Call call, Workspace workspace) {
    if (call.length() == 0) {
      if (call.is("GET")) {
        return Answer.json(Tree.names("layerGroups", "layerGroup", workspace.groups.keySet()));
      }
      ObjectNode group = document(call);
      String name = group.path("name").asString();
      if (workspace.groups.containsKey(name) || workspace.resources.containsKey(name)) {
        throw new Refusal(500, "Layer group named '" + name + "' already exists");
      }
      workspace.groups.put(name, checked(group));
      catalogue.tiles.appear(workspace.name + ":" + name);
      return Answer.created(name);
    }
    String name = call.at(0);
    ObjectNode group =
        Optional.ofNullable(workspace.groups.get(name))
            .orElseThrow(() -> Refusal.missing("layer group " + name + " in " + workspace.name));
    return switch (call.method()) {
      case "GET" -> {
        yield Answer.json(Tree.wrapped("layerGroup", group));
      }
      case "PUT" -> {
        ObjectNode changed = group.deepCopy();
        Tree.merge(changed, document(call));
        workspace.groups.put(name, checked(changed));
        yield Answer.done();
      }
      case "DELETE" -> {
        if (catalogue.grouped(workspace.name + ":" + name)) {
          throw new Refusal(500, "Group is referenced by layer group");
        }
        workspace.groups.remove(name);
        catalogue.tiles.disappear(workspace.name + ":" + name);
        yield Answer.done();
      }
      default -> throw call.notAllowed();
    };
  }

  private static ObjectNode document(Call call) {
    return call.type().contains("json")
        ? call.document("layerGroup")
        : (ObjectNode) Xml.tree(Xml.read(call.body().all(), 400));
  }

  private ObjectNode checked(ObjectNode group) {
    List<String> members = Catalogue.members(group);
    List<JsonNode> styles = Tree.list(group.path("styles"), "style");
    if (styles.isEmpty()) {
      List<JsonNode> none = members.stream().map(_ -> Tree.node().put("$", "").path("$")).toList();
      group.set("styles", Tree.holder("style", none));
    } else if (styles.size() != members.size()) {
      throw new Refusal(500, "Layer group has different number of styles than layers");
    }
    for (String member : members) {
      if (catalogue.shown(member).isEmpty() && catalogue.group(member).isEmpty()) {
        throw new Refusal(500, "Layer group references unknown layer " + member);
      }
    }
    return group;
  }
}
