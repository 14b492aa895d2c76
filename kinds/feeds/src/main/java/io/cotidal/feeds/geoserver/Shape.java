package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Face.Box;
import io.cotidal.feeds.job.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A layer as GeoServer's documents have it.
 *
 * @param store name of the store in the same workspace
 * @param cascaded whether the store is a WMS
 * @param document the fields of the resource that we own
 * @param styles files by the names that the face gives them
 */
record Shape(
    Subject subject,
    String store,
    boolean cascaded,
    ObjectNode document,
    Face face,
    SortedMap<String, Path> styles) {
  private static final String USUAL = "EPSG:4326";

  /** Numbers that databases make up for systems that they do not know. */
  private static final Pattern MADE_UP = Pattern.compile("EPSG:90\\d{4}");

  /** The systems in which degrees are degrees, near enough for a box. */
  private static final List<String> DEGREES = List.of(USUAL, "EPSG:4283", "EPSG:7844", "EPSG:4269");

  private static final List<String> GEOMETRIES =
      List.of(
          "Point",
          "LineString",
          "Polygon",
          "MultiPoint",
          "MultiLineString",
          "MultiPolygon",
          "GeometryCollection");

  static Shape of(Wanted.Layer layer) {
    Subject subject = layer.subject();
    Face face = layer.body().face();
    boolean spatial = !layer.body().spatialColumn().isEmpty();
    ObjectNode document = document(subject.name(), layer.table().name(), face);
    place(document, face, spatial ? crs(face.crs(), layer.table().crs()) : "");
    return new Shape(subject, Spot.own(subject.workspace()), false, document, face, layer.styles());
  }

  static Shape of(Wanted.LiveLayer layer) {
    Subject subject = layer.subject();
    Body.LiveLayer body = layer.body();
    Face face = body.face();
    boolean query = !body.query().isEmpty();
    ObjectNode document = document(subject.name(), query ? subject.name() : body.table(), face);
    String crs = body.spatialColumn().isEmpty() ? "" : crs(face.crs(), "");
    place(document, face, crs);
    if (query) {
      document.set(
          "metadata", Tree.wrapped("entry", Tree.array().add(virtual(subject, body, crs))));
    }
    return new Shape(subject, body.store(), false, document, face, layer.styles());
  }

  static Shape of(Wanted.WmsLayer layer) {
    Face face = layer.body().face();
    ObjectNode document = document(layer.subject().name(), layer.body().nativeName(), face);
    place(document, face, face.crs().isEmpty() ? "" : crs(face.crs(), ""));
    return new Shape(layer.subject(), layer.body().store(), true, document, face, new TreeMap<>());
  }

  private static ObjectNode document(String name, String nativeName, Face face) {
    ObjectNode document = Tree.node();
    document.put("name", name).put("nativeName", nativeName).put("enabled", true);
    if (!face.title().isEmpty()) {
      document.put("title", face.title());
    }
    document.put("abstract", face.summary());
    ObjectNode keywords = Tree.node();
    if (!face.keywords().isEmpty()) {
      ArrayNode words = Tree.array();
      face.keywords().forEach(words::add);
      keywords.set("string", words);
    }
    document.set("keywords", keywords);
    return document;
  }

  /** What the job says, else the database, unless GeoServer could not know it. */
  private static String crs(String said, String found) {
    String crs = said.isEmpty() ? found : said;
    boolean madeUp = MADE_UP.matcher(crs).matches() && !crs.equals("EPSG:900913");
    return madeUp ? USUAL : crs;
  }

  private static void place(ObjectNode document, Face face, String crs) {
    if (!crs.isEmpty()) {
      document.put("srs", crs).put("projectionPolicy", "FORCE_DECLARED");
    }
    if (face.overrideBox() && face.box().isPresent()) {
      Box box = face.box().get();
      String units = crs.isEmpty() ? USUAL : crs;
      document.set("nativeBoundingBox", box(box, units));
      if (DEGREES.contains(units)) {
        document.set("latLonBoundingBox", box(box, USUAL));
      }
    }
  }

  static ObjectNode box(Box box, String crs) {
    return Tree.node()
        .put("minx", box.minX())
        .put("maxx", box.maxX())
        .put("miny", box.minY())
        .put("maxy", box.maxY())
        .put("crs", crs);
  }

  private static ObjectNode virtual(Subject subject, Body.LiveLayer body, String crs) {
    ObjectNode table = Tree.node();
    table.put("name", subject.name()).put("sql", body.query()).put("escapeSql", false);
    if (!body.spatialColumn().isEmpty()) {
      ObjectNode geometry = Tree.node();
      geometry.put("name", body.spatialColumn()).put("type", geometry(body.spatialType()));
      String number = crs.isEmpty() ? "4326" : crs.substring(crs.indexOf(':') + 1);
      geometry.put("srid", number.matches("\\d{1,9}") ? Integer.parseInt(number) : -1);
      table.set("geometry", geometry);
    }
    ObjectNode entry = Tree.node();
    entry.put("@key", Owned.VIRTUAL).set("virtualTable", table);
    return entry;
  }

  private static String geometry(String type) {
    return GEOMETRIES.stream()
        .filter(one -> one.toUpperCase(Locale.ROOT).equals(type.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElse("Geometry");
  }

  /** The outer field of its document. */
  String outer() {
    return cascaded ? "wmsLayer" : "featureType";
  }

  /** As services name it. */
  String qualified() {
    return subject.workspace() + ":" + subject.name();
  }

  /** Where its like are made. */
  String collection() {
    return collection(subject, store, cascaded);
  }

  static String collection(Subject subject, String store, boolean cascaded) {
    return Rest.path(
        "workspaces",
        subject.workspace(),
        cascaded ? "wmsstores" : "datastores",
        store,
        cascaded ? "wmslayers" : "featuretypes");
  }

  /** Where it is, whichever store it is of. */
  static String anywhere(Subject subject, boolean cascaded) {
    return Rest.path(
        "workspaces",
        subject.workspace(),
        cascaded ? "wmslayers" : "featuretypes",
        subject.name() + ".json");
  }
}
