package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.remote.http.Order.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Layer groups. Members and styles are written together, of equal number: GeoServer refuses
 * anything else, and so a group never has to be deleted to be changed.
 */
final class Groups {
  private final Calls calls;

  Groups(Calls calls) {
    this.calls = calls;
  }

  Applied apply(Wanted.Group wanted, Stores stores) throws SiteException {
    Subject subject = wanted.subject();
    String collection = Rest.path("workspaces", subject.workspace(), "layergroups");
    Optional<JsonNode> found = group(subject);
    if (found.isEmpty()) {
      stores.workspace(subject.workspace());
    }
    if (found.isEmpty() || !same(wanted.body(), found.get())) {
      require(wanted.body());
      Content document = Content.xml(document(wanted, found, box(wanted.body(), found)));
      if (found.isEmpty()) {
        calls.post(collection, document);
      } else {
        calls.put(path(subject), document);
      }
      found = group(subject);
    }
    new Tiles(calls)
        .ensure(subject.workspace() + ":" + subject.name(), wanted.body().face().cache());
    return new Applied(calls.writes(), Digest.of(found.map(one -> print(one)).orElse("")));
  }

  static String path(Subject group) {
    return Rest.path("workspaces", group.workspace(), "layergroups", group.name() + ".json");
  }

  private Optional<JsonNode> group(Subject subject) throws SiteException {
    return calls.get(path(subject)).map(answer -> answer.path("layerGroup"));
  }

  private static String print(JsonNode group) {
    return Tree.text(group, "title")
        + "\n"
        + Tree.text(group, "abstractTxt")
        + "\n"
        + members(group);
  }

  private static List<String> members(JsonNode group) {
    return published(group).stream().map(one -> Tree.text(one, "name")).toList();
  }

  private static List<JsonNode> published(JsonNode group) {
    return Tree.list(group.path("publishables"), "published");
  }

  private static String qualified(Body.Member member) {
    return member.workspace() + ":" + member.name();
  }

  private static boolean same(Body.Group wanted, JsonNode found) {
    Face face = wanted.face();
    return members(found).equals(wanted.members().stream().map(Groups::qualified).toList())
        && (face.title().isEmpty() || face.title().equals(Tree.text(found, "title")))
        && face.summary().equals(Tree.text(found, "abstractTxt"));
  }

  /** Members must be there: GeoServer would answer 500, and would not say which is not. */
  private void require(Body.Group wanted) throws SiteException {
    Set<String> layers =
        calls
            .get(Rest.path("layers.json"))
            .map(answer -> (Set<String>) new HashSet<>(Tree.names(answer, "layers", "layer")))
            .orElse(Set.of());
    List<String> unknown = new ArrayList<>();
    for (Body.Member member : wanted.members()) {
      boolean there =
          member.sort() == Sort.GROUP
              ? group(member.subject()).isPresent()
              : layers.contains(qualified(member));
      if (!there) {
        unknown.add(qualified(member));
      }
    }
    if (!unknown.isEmpty() || wanted.members().isEmpty()) {
      throw new SiteException(
          Kind.FAILED,
          calls.place(Rest.path("layergroups"))
              + (unknown.isEmpty()
                  ? ": a group without members cannot be: name some"
                  : ": members are not there: "
                      + String.join(", ", unknown)
                      + ": publish them first"));
    }
  }

  /**
   * GeoServer works out bounds when a group is made, and never again: its tiles would end there.
   */
  private Optional<Face.Box> box(Body.Group wanted, Optional<JsonNode> found) throws SiteException {
    Optional<Face.Box> said = wanted.face().box();
    boolean known = said.isPresent() || found.isEmpty();
    return known ? said : new Extent(calls).of(wanted.members());
  }

  private static String document(
      Wanted.Group wanted, Optional<JsonNode> found, Optional<Face.Box> box) {
    Face face = wanted.body().face();
    StringBuilder text = new StringBuilder("<layerGroup>");
    field(text, "name", wanted.subject().name());
    if (found.isEmpty()) {
      field(text, "mode", "SINGLE");
    }
    if (!face.title().isEmpty()) {
      field(text, "title", face.title());
    }
    field(text, "abstractTxt", face.summary());
    text.append("<publishables>");
    for (Body.Member member : wanted.body().members()) {
      text.append("<published type=\"")
          .append(member.sort() == Sort.GROUP ? "layerGroup" : "layer")
          .append("\">");
      field(text, "name", qualified(member));
      text.append("</published>");
    }
    text.append("</publishables>");
    styles(text, wanted.body(), found);
    if (box.isPresent()) {
      bounds(text, box.get(), face.box().isPresent() ? face.crs() : "");
    }
    return text.append("</layerGroup>").toString();
  }

  /** A member keeps the style that it was given in this group. */
  private static void styles(StringBuilder text, Body.Group wanted, Optional<JsonNode> found) {
    Map<String, JsonNode> given = new HashMap<>();
    if (found.isPresent()) {
      List<String> members = members(found.get());
      List<JsonNode> styles = Tree.list(found.get().path("styles"), "style");
      for (int i = 0; i < Math.min(members.size(), styles.size()); i++) {
        given.put(members.get(i), styles.get(i));
      }
    }
    text.append("<styles>");
    for (Body.Member member : wanted.members()) {
      JsonNode style = given.get(qualified(member));
      if (style == null || Tree.text(style, "name").isEmpty()) {
        text.append("<style/>");
      } else {
        text.append("<style>");
        String name = Tree.text(style, "name");
        field(text, "name", name.substring(name.indexOf(':') + 1));
        if (!Tree.text(style, "workspace").isEmpty()) {
          text.append("<workspace>");
          field(text, "name", Tree.text(style, "workspace"));
          text.append("</workspace>");
        }
        text.append("</style>");
      }
    }
    text.append("</styles>");
  }

  private static void bounds(StringBuilder text, Face.Box box, String crs) {
    text.append("<bounds>");
    field(text, "minx", Double.toString(box.minX()));
    field(text, "maxx", Double.toString(box.maxX()));
    field(text, "miny", Double.toString(box.minY()));
    field(text, "maxy", Double.toString(box.maxY()));
    field(text, "crs", crs.isEmpty() ? "EPSG:4326" : crs);
    text.append("</bounds>");
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append('<').append(name).append('>').append(Xml.escaped(value));
    text.append("</").append(name).append('>');
  }
}
