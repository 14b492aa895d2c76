package io.cotidal.lab.geoserver;

import io.cotidal.lab.geoserver.Catalogue.Resource;
import io.cotidal.lab.geoserver.Catalogue.Store;
import io.cotidal.lab.geoserver.Columns.Column;
import io.cotidal.pgclient.Quote;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** WMS and WFS. Reads the catalogue under the lock that it is given, and tables without it. */
final class Maps {
  private static final int MOST_DRAWN = 2_000;

  private final Catalogue catalogue;
  private final Columns columns;
  private final Locked locked;
  private volatile List<String> published = List.of();

  /** Runs something while nobody else uses the catalogue. */
  interface Locked {
    <T> T in(Supplier<T> work);
  }

  /** A layer with what is needed to read it. */
  private record Shown(String qualified, Store store, ObjectNode fields, boolean cascaded) {}

  Maps(Catalogue catalogue, Columns columns, Locked locked) {
    this.catalogue = catalogue;
    this.columns = columns;
    this.locked = locked;
  }

  /** A request of OGC services; {@code workspace} is empty outside one. */
  Answer answer(Call call, String workspace) {
    String request = call.query().getOrDefault("request", "");
    return switch (request) {
      case "GetFeature" -> features(call, workspace);
      case "GetMap" -> map(call, workspace);
      case "GetCapabilities" -> capabilities();
      default -> exception(400, "Could not determine request " + request);
    };
  }

  /** What capabilities list from now on; they must be had while the catalogue is in use. */
  void publish(List<String> layers) {
    published = List.copyOf(layers);
  }

  private Answer capabilities() {
    StringBuilder text = new StringBuilder("<WMT_MS_Capabilities><Capability><Layer>");
    for (String layer : published) {
      text.append("<Layer><Name>").append(layer).append("</Name></Layer>");
    }
    return Answer.xml(200, text.append("</Layer></Capability></WMT_MS_Capabilities>").toString());
  }

  private List<Shown> layers(String name, String workspace) {
    String qualified = name.contains(":") || workspace.isEmpty() ? name : workspace + ":" + name;
    Optional<ObjectNode> group = catalogue.group(qualified);
    if (group.isPresent()) {
      List<Shown> all = new ArrayList<>();
      Catalogue.members(group.get()).forEach(member -> all.addAll(layers(member, workspace)));
      return all;
    }
    return catalogue.shown(qualified).map(one -> List.of(shown(qualified, one))).orElse(List.of());
  }

  private Shown shown(String qualified, Resource resource) {
    Store store =
        catalogue
            .workspace(qualified.substring(0, qualified.indexOf(':')))
            .store(resource.store(), resource.cascaded());
    return new Shown(
        qualified,
        new Store(store.cascaded(), store.fields().deepCopy()),
        resource.fields().deepCopy(),
        resource.cascaded());
  }

  private Answer features(Call call, String workspace) {
    String name = call.query().getOrDefault("typenames", call.query().getOrDefault("typename", ""));
    List<Shown> found = locked.in(() -> layers(name, workspace));
    if (found.size() != 1 || found.getFirst().cascaded()) {
      return exception(400, "Feature type " + name + " unknown");
    }
    int most =
        Integer.parseInt(
            call.query().getOrDefault("count", call.query().getOrDefault("maxfeatures", "1000")));
    Shown layer = found.getFirst();
    List<Column> read;
    try {
      read = columns.of(layer.qualified(), layer.store(), layer.fields());
    } catch (SQLException e) {
      return exception(400, "Error occurred getting the schema of " + name);
    }
    try {
      ArrayNode rows = rows(layer, read, most);
      if (call.query().getOrDefault("outputformat", "").contains("json")) {
        ObjectNode all = Tree.node().put("type", "FeatureCollection");
        all.set("features", rows);
        return Answer.json(all.put("numberReturned", rows.size()));
      }
      return Answer.of(
          200,
          "application/gml+xml; version=3.2",
          ("<wfs:FeatureCollection numberReturned=\"" + rows.size() + "\"/>")
              .getBytes(StandardCharsets.UTF_8));
    } catch (SQLException e) {
      return exception(500, "java.lang.RuntimeException: " + e.getMessage());
    }
  }

  private ArrayNode rows(Shown layer, List<Column> read, int most) throws SQLException {
    List<String> asked = new ArrayList<>(List.of("1"));
    for (Column one : read) {
      String quoted = Quote.identifier(one.name());
      asked.add(one.geometry() ? "ST_AsGeoJSON(" + quoted + ")" : quoted + "::text");
    }
    String sql =
        "SELECT %s FROM %s LIMIT %d"
            .formatted(
                String.join(", ", asked), Columns.source(layer.store(), layer.fields()), most);
    return columns
        .connections()
        .with(
            layer.store(),
            connection -> {
              try (Statement statement = connection.createStatement();
                  ResultSet result = statement.executeQuery(sql)) {
                ArrayNode rows = Tree.array();
                while (result.next()) {
                  rows.add(feature(result, read));
                }
                return rows;
              }
            });
  }

  private static ObjectNode feature(ResultSet result, List<Column> read) throws SQLException {
    ObjectNode feature = Tree.node().put("type", "Feature");
    ObjectNode properties = Tree.node();
    for (int i = 0; i < read.size(); i++) {
      String value = result.getString(i + 2);
      if (read.get(i).geometry() && value != null) {
        feature.set("geometry", Tree.parsed(value.getBytes(StandardCharsets.UTF_8)));
      } else {
        properties.put(read.get(i).name(), value);
      }
    }
    feature.set("properties", properties);
    return feature;
  }

  private Answer map(Call call, String workspace) {
    List<Shown> all = new ArrayList<>();
    for (String name : call.query().getOrDefault("layers", "").split(",")) {
      List<Shown> found = locked.in(() -> layers(name, workspace));
      if (found.isEmpty()) {
        return serviceException("LayerNotDefined", "Could not find layer " + name);
      }
      all.addAll(found);
    }
    int width = Integer.parseInt(call.query().getOrDefault("width", "256"));
    int height = Integer.parseInt(call.query().getOrDefault("height", "256"));
    String[] box = call.query().getOrDefault("bbox", "-180,-90,180,90").split(",");
    Rectangle2D.Double window =
        new Rectangle2D.Double(
            Double.parseDouble(box[0]),
            Double.parseDouble(box[1]),
            Double.parseDouble(box[2]) - Double.parseDouble(box[0]),
            Double.parseDouble(box[3]) - Double.parseDouble(box[1]));
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, width, height);
    pen.setColor(Color.GRAY);
    try {
      for (Shown layer : all) {
        draw(layer, window, picture, pen);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      boolean _ = ImageIO.write(picture, "png", bytes);
      return Answer.of(200, "image/png", bytes.toByteArray());
    } catch (SQLException e) {
      return serviceException("internalError", "Rendering process failed: " + e.getMessage());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      pen.dispose();
    }
  }

  private void draw(Shown layer, Rectangle2D.Double window, BufferedImage picture, Graphics2D pen)
      throws SQLException {
    if (layer.cascaded()) {
      pen.fillRect(0, 0, picture.getWidth() / 2, picture.getHeight());
      return;
    }
    Optional<Column> geometry =
        columns.of(layer.qualified(), layer.store(), layer.fields()).stream()
            .filter(Column::geometry)
            .findFirst();
    if (geometry.isEmpty()) {
      throw new SQLException("no geometry");
    }
    String column = Quote.identifier(geometry.get().name());
    String sql =
        "SELECT ST_XMin(%1$s), ST_YMin(%1$s), ST_XMax(%1$s), ST_YMax(%1$s) FROM %2$s WHERE ST_XMin(%1$s) <= ? AND ST_XMax(%1$s) >= ? AND ST_YMin(%1$s) <= ? AND ST_YMax(%1$s) >= ? LIMIT %3$d"
            .formatted(column, Columns.source(layer.store(), layer.fields()), MOST_DRAWN);
    boolean _ =
        columns
            .connections()
            .with(
                layer.store(),
                connection -> {
                  try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setDouble(1, window.getMaxX());
                    statement.setDouble(2, window.getMinX());
                    statement.setDouble(3, window.getMaxY());
                    statement.setDouble(4, window.getMinY());
                    try (ResultSet boxes = statement.executeQuery()) {
                      return fill(boxes, window, picture, pen);
                    }
                  }
                });
  }

  private static boolean fill(
      ResultSet boxes, Rectangle2D.Double window, BufferedImage picture, Graphics2D pen)
      throws SQLException {
    double wide = picture.getWidth() / window.getWidth();
    double high = picture.getHeight() / window.getHeight();
    boolean any = false;
    while (boxes.next()) {
      any = true;
      pen.fill(
          new Rectangle2D.Double(
              (boxes.getDouble(1) - window.getMinX()) * wide,
              (window.getMaxY() - boxes.getDouble(4)) * high,
              Math.max(1, (boxes.getDouble(3) - boxes.getDouble(1)) * wide),
              Math.max(1, (boxes.getDouble(4) - boxes.getDouble(2)) * high)));
    }
    return any;
  }

  private static Answer serviceException(String code, String text) {
    String body =
        "<?xml version=\"1.0\"?><ServiceExceptionReport version=\"1.1.1\"><ServiceException code=\""
            + code
            + "\">"
            + escaped(text)
            + "</ServiceException></ServiceExceptionReport>";
    return Answer.of(
        200, "application/vnd.ogc.se_xml;charset=UTF-8", body.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer exception(int status, String text) {
    return Answer.xml(
        status,
        "<?xml version=\"1.0\"?><ows:ExceptionReport xmlns:ows=\"http://www.opengis.net/ows/1.1\"><ows:Exception><ows:ExceptionText>"
            + escaped(text)
            + "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
