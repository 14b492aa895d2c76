package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.Mark.Style;
import io.cotidal.feeds.job.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The styles of one layer, in its workspace. */
final class StyleBook {
  private static final String BUILTIN = "builtin";

  private final Calls calls;
  private final Subject layer;

  StyleBook(Calls calls, Subject layer) {
    this.calls = calls;
    this.layer = layer;
  }

  /** What a style of a layer is called at GeoServer: the built-in one as the layer. */
  static String name(String layer, String style) {
    return style.equals(BUILTIN) ? layer : layer + "." + style;
  }

  /** Looks at the files, before anything is written. */
  static List<StyleFile> read(Subject layer, SortedMap<String, Path> files) throws SiteException {
    List<StyleFile> all = new ArrayList<>();
    for (Map.Entry<String, Path> one : files.entrySet()) {
      all.add(StyleFile.read(name(layer.name(), one.getKey()), one.getValue()));
    }
    return all;
  }

  /** Names of the workspace's styles. */
  Set<String> there() throws SiteException {
    return calls
        .get(Rest.path("workspaces", layer.workspace(), "styles.json"))
        .map(answer -> (Set<String>) new TreeSet<>(Tree.names(answer, "styles", "style")))
        .orElse(Set.of());
  }

  /**
   * Uploads what differs.
   *
   * @param known what was left last time
   * @param whole whether also those are looked at that were left as they should be
   */
  SortedMap<String, Style> upload(
      List<StyleFile> files, Set<String> there, SortedMap<String, Style> known, boolean whole)
      throws SiteException {
    SortedMap<String, Style> prints = new TreeMap<>();
    for (StyleFile file : files) {
      Optional<Style> left =
          Optional.ofNullable(known.get(file.name()))
              .filter(one -> one.sent().equals(file.digest()) && there.contains(file.name()));
      Style now;
      if (left.isPresent() && (!whole || back(file.name()).equals(left.get().back()))) {
        now = left.get();
      } else {
        now = put(file, there.contains(file.name()));
      }
      prints.put(file.name(), now);
    }
    return prints;
  }

  private Style put(StyleFile file, boolean there) throws SiteException {
    if (there) {
      if (back(file.name()).equals(file.digest())) {
        return new Style(file.digest(), file.digest());
      }
      calls.put(path(file.name() + ".sld"), file.content());
    } else {
      calls.post(
          Rest.path("workspaces", layer.workspace(), "styles")
              + "?name="
              + Rest.encoded(file.name()),
          file.content());
    }
    return new Style(file.digest(), back(file.name()));
  }

  private String back(String name) throws SiteException {
    return calls.digest(path(name + ".sld")).orElse("");
  }

  private String path(String last) {
    return Rest.path("workspaces", layer.workspace(), "styles", last);
  }

  /** Whether a style is this layer's own, by its name. */
  boolean owns(String style) {
    return style.equals(layer.name()) || style.startsWith(layer.name() + ".");
  }

  /**
   * Removes this layer's own styles but {@code kept}. One that another layer uses stays: GeoServer
   * says so.
   */
  void prune(Set<String> there, Set<String> kept) throws SiteException {
    Set<String> late = new TreeSet<>(there);
    late.removeIf(one -> !owns(one) || kept.contains(one));
    if (late.isEmpty()) {
      return;
    }
    Set<String> others = new HashSet<>(layers());
    others.remove(layer.name());
    for (String style : late) {
      // The layer "roads.main" has styles that look as if they were those of "roads".
      boolean elsewhere =
          others.stream()
              .anyMatch(other ->
                  other.startsWith(layer.name() + ".")
                      && (style.equals(other) || style.startsWith(other + ".")));
      if (!elsewhere) {
        boolean _ = calls.deleteUnused(path(style + ".json") + "?purge=true");
      }
    }
  }

  private List<String> layers() throws SiteException {
    Optional<JsonNode> answer =
        calls.get(Rest.path("workspaces", layer.workspace(), "layers.json"));
    return answer.map(found -> Tree.names(found, "layers", "layer")).orElse(List.of());
  }
}
