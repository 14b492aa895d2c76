package io.cotidal.feeds.geoserver;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which styles a layer offers. */
final class ShownLayer {
  /** Every GeoServer has it; it draws whatever comes. */
  private static final String GENERIC = "generic";

  private final Calls calls;
  private final Shape shape;
  private final StyleBook book;

  ShownLayer(Calls calls, Shape shape, StyleBook book) {
    this.calls = calls;
    this.shape = shape;
    this.book = book;
  }

  static String path(String qualified) {
    return Rest.path("layers", qualified + ".json");
  }

  /**
   * Makes the layer offer {@code wanted}; styles that are not its own, and that somebody gave it,
   * stay.
   */
  void offer(JsonNode layer, Set<String> wanted) throws SiteException {
    String workspace = shape.subject().workspace();
    String found = reference(layer.path("defaultStyle"));
    String first = first(wanted, found);
    Set<String> before = new LinkedHashSet<>();
    Tree.list(layer.path("styles"), "style").forEach(one -> before.add(reference(one)));
    Set<String> after = new LinkedHashSet<>(before);
    after.removeIf(one -> stale(one, wanted) || one.equals(first));
    wanted.forEach(one -> after.add(workspace + ":" + one));
    after.remove(first);
    if (first.equals(found) && after.equals(before)) {
      return;
    }
    ObjectNode update = Tree.node();
    update.set("defaultStyle", node(first));
    ObjectNode holder = Tree.node().put("@class", "linked-hash-set");
    if (!after.isEmpty()) {
      ArrayNode others = Tree.array();
      after.forEach(one -> others.add(node(one)));
      holder.set("style", others);
    }
    update.set("styles", holder);
    calls.put(path(shape.qualified()), Tree.content("layer", update));
  }

  private String first(Set<String> wanted, String found) {
    String named = shape.face().defaultStyle();
    if (named.isEmpty()) {
      if (!stale(found, wanted)) {
        return found;
      }
      return wanted.isEmpty()
          ? GENERIC
          : shape.subject().workspace() + ":" + wanted.iterator().next();
    }
    return shape.subject().workspace() + ":" + StyleBook.name(shape.subject().name(), named);
  }

  private boolean stale(String reference, Set<String> wanted) {
    String workspace = shape.subject().workspace() + ":";
    if (!reference.startsWith(workspace)) {
      return false;
    }
    String name = reference.substring(workspace.length());
    return book.owns(name) && !wanted.contains(name);
  }

  /** {@code workspace:name}, or a name alone for a style that all workspaces share. */
  private static String reference(JsonNode style) {
    String name = Tree.text(style, "name");
    String workspace = Tree.text(style, "workspace");
    return workspace.isEmpty() || name.startsWith(workspace + ":") ? name : workspace + ":" + name;
  }

  private static ObjectNode node(String reference) {
    int colon = reference.indexOf(':');
    return colon < 0
        ? Tree.node().put("name", reference)
        : Tree.node()
            .put("name", reference.substring(colon + 1))
            .put("workspace", reference.substring(0, colon));
  }
}
