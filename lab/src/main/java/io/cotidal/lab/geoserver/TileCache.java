package io.cotidal.lab.geoserver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.w3c.dom.Element;
import tools.jackson.databind.node.ArrayNode;

/** GeoWebCache inside a stub: layers, tiles that are kept, tasks that run. */
final class TileCache {
  private final SortedMap<String, String> layers = new TreeMap<>();
  private final SortedMap<String, Integer> tiles = new TreeMap<>();

  /** Tasks of a layer: how often each is still seen to run. */
  private final Map<String, List<AtomicInteger>> tasks = new TreeMap<>();

  private List<String> gridSets = List.of("EPSG:4326", "EPSG:900913");
  private int looks;

  void gridSets(List<String> names) {
    gridSets = List.copyOf(names);
  }

  /** From now on an emptying is seen to run in that many looks. */
  void slow(int newLooks) {
    looks = newLooks;
  }

  void keep(String layer, int count) {
    tiles.put(layer, count);
  }

  int kept(String layer) {
    return tiles.getOrDefault(layer, 0);
  }

  List<String> layers() {
    return List.copyOf(layers.keySet());
  }

  /** As GeoServer does when a layer or a group appears. */
  void appear(String layer) {
    layers.putIfAbsent(
        layer,
        """
        <GeoServerLayer>
          <id>LayerInfoImpl--1</id>
          <enabled>true</enabled>
          <inMemoryCached>true</inMemoryCached>
          <name>%s</name>
          <mimeFormats><string>image/png</string><string>image/jpeg</string></mimeFormats>
          <gridSubsets>
            <gridSubset><gridSetName>EPSG:4326</gridSetName></gridSubset>
            <gridSubset><gridSetName>EPSG:900913</gridSetName></gridSubset>
          </gridSubsets>
          <metaWidthHeight><int>4</int><int>4</int></metaWidthHeight>
          <expireCache>0</expireCache>
          <expireClients>0</expireClients>
          <parameterFilters>
            <styleParameterFilter><key>STYLES</key><defaultValue/></styleParameterFilter>
          </parameterFilters>
          <gutter>0</gutter>
        </GeoServerLayer>
        """
            .formatted(layer.replace("&", "&amp;").replace("<", "&lt;")));
  }

  void disappear(String layer) {
    layers.remove(layer);
    tiles.remove(layer);
    tasks.remove(layer);
  }

  /** Answers what stands below {@code gwc/rest}. */
  Answer answer(Call call, Catalogue catalogue) {
    return switch (call.at(0)) {
      case "layers" -> call.length() == 1 ? Answer.json(all()) : layer(call, catalogue);
      case "gridsets" -> Answer.xml(200, grids());
      case "seed" -> seed(call);
      case "masstruncate" -> massTruncate(call);
      default -> throw Refusal.missing("endpoint");
    };
  }

  private ArrayNode all() {
    ArrayNode names = Tree.array();
    layers.keySet().forEach(names::add);
    return names;
  }

  private String grids() {
    StringBuilder text = new StringBuilder("<gridSets>");
    gridSets.forEach(
        name -> text.append("<gridSet><name>").append(name).append("</name></gridSet>"));
    return text.append("</gridSets>").toString();
  }

  private Answer layer(Call call, Catalogue catalogue) {
    String name = call.at(1);
    boolean known = layers.containsKey(name);
    if ((call.is("GET") || call.is("DELETE")) && !known) {
      throw new Refusal(404, "Unknown layer: " + name);
    }
    return switch (call.method()) {
      case "GET" -> Answer.xml(200, layers.getOrDefault(name, ""));
      case "PUT", "POST" -> {
        put(call, name, catalogue);
        yield Answer.text(200, "layer saved");
      }
      case "DELETE" -> {
        disappear(name);
        yield Answer.text(200, name + " deleted");
      }
      default -> throw call.notAllowed();
    };
  }

  private void put(Call call, String name, Catalogue catalogue) {
    Element root = Xml.read(call.body().all(), 400);
    if (!root.getNodeName().equals("GeoServerLayer") || !Xml.child(root, "name").equals(name)) {
      throw new Refusal(400, "The layer's name does not fit the URL");
    }
    if (catalogue.shown(name).isEmpty() && catalogue.group(name).isEmpty()) {
      throw new Refusal(400, "Layer or layer group " + name + " not found");
    }
    layers.put(name, new String(call.body().all(), StandardCharsets.UTF_8));
  }

  private Answer seed(Call call) {
    String name = call.at(1);
    if (!layers.containsKey(name)) {
      throw new Refusal(404, "Unknown layer: " + name);
    }
    if (call.is("POST")) {
      run(name);
      return Answer.done();
    }
    ArrayNode rows = Tree.array();
    List<AtomicInteger> running = tasks.getOrDefault(name, new ArrayList<>());
    running.removeIf(task -> task.getAndDecrement() <= 0);
    running.forEach(
        task -> rows.add(Tree.array().add(17_888).add(44_739_250).add(18_319).add(1).add(1)));
    return Answer.json(Tree.wrapped("long-array-array", rows));
  }

  private Answer massTruncate(Call call) {
    Element root = Xml.read(call.body().all(), 400);
    String name = Xml.child(root, "layerName");
    if (!root.getNodeName().equals("truncateLayer") || !layers.containsKey(name)) {
      throw new Refusal(500, "Could not truncate layer " + name);
    }
    run(name);
    return Answer.done();
  }

  private void run(String layer) {
    tiles.remove(layer);
    tasks.computeIfAbsent(layer, _ -> new ArrayList<>()).add(new AtomicInteger(looks));
  }
}
