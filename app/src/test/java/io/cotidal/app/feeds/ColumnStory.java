package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables whose columns change while they are read. */
final class ColumnStory {
  private static final int ROWS = 60;

  /** What is done to each at the master. */
  private static final Map<String, String> CHANGES =
      new TreeMap<>(
          Map.of(
              "appended", "ADD COLUMN note text DEFAULT 'new'",
              "dropped", "DROP COLUMN category",
              "retyped", "ALTER COLUMN category TYPE varchar(40)",
              "projected",
                  "ALTER COLUMN wkb_geometry TYPE geometry(Polygon, 3857) USING"
                      + " ST_Transform(wkb_geometry, 3857)",
              "renamed", "RENAME COLUMN wkb_geometry TO geom"));

  private static final Map<String, Map<String, String>> METADATA =
      Map.of(
          "projected", Map.of("crs", "\"EPSG:3857\"", "bbox", "[0, 0, 11300000, 16000000]"),
          "renamed", Map.of("spatial_column", "\"geom\""));

  private final FeedsScene scene;
  private final FeedsLab lab;
  private final ReplicaDesk desk;

  ColumnStory(FeedsScene scene) {
    this.scene = scene;
    this.lab = scene.lab;
    this.desk = scene.desk;
  }

  void tell() throws Exception {
    List<String> jobs = CHANGES.keySet().stream().map(name -> "layer/columns." + name).toList();
    desk.inForce(
        lab.commit(
            "first",
            () -> {
              for (String name : CHANGES.keySet()) {
                lab.publish("columns", name, ROWS, "first");
              }
            }),
        jobs);
    StringBuilder upon = new StringBuilder("CREATE SCHEMA upon; CREATE ROLE walker;");
    for (String name : CHANGES.keySet()) {
      upon.append(
          """
          CREATE VIEW upon.%1$s AS SELECT id FROM columns.%1$s;
          GRANT SELECT ON columns.%1$s, upon.%1$s TO walker;
          """
              .formatted(name));
    }
    lab.postgis.execute(FeedsLab.DATABASE, upon.toString());
    try (Audience audience = new Audience(lab, desk)) {
      for (String name : CHANGES.keySet()) {
        String ids = "SELECT count(id) FROM %s." + name;
        audience.reads(ids.formatted("columns"), List.of("" + ROWS));
        audience.reads(ids.formatted("upon"), List.of("" + ROWS));
      }
      List<String> appended = List.of("appended");
      audience.features("columns", appended).maps("columns", appended);
      desk.inForce(lab.commit("second", this::change), jobs);
      assertThat(audience.troubles()).isEmpty();
    }
    for (String name : CHANGES.keySet()) {
      served(name);
    }
    assertThat(lab.attempt("SELECT count(category) FROM columns.dropped")).isEqualTo("42703");
    assertThat(desk.features("columns:appended")).contains("\"note\"");
    assertThat(desk.features("columns:dropped")).doesNotContain("\"category\"");
    assertThat(lab.value("SELECT DISTINCT ST_SRID(wkb_geometry) FROM columns.projected"))
        .isEqualTo("3857");
    assertThat(lab.value("SELECT DISTINCT GeometryType(geom) FROM columns.renamed"))
        .isEqualTo("POLYGON");
    assertThat(scene.cot("feed", "explain", "columns.renamed", "--feed", FeedsLab.REPLICA).exit())
        .isZero();
  }

  /** Makes the tables anew with other columns, and publishes them. */
  private void change() throws Exception {
    for (Map.Entry<String, String> each : CHANGES.entrySet()) {
      String name = each.getKey();
      lab.master.table("columns", name, ROWS, "second");
      lab.postgis.execute("master", "ALTER TABLE columns_data." + name + " " + each.getValue());
      lab.master.publish(
          "columns", name, lab.master.dump("columns", name), METADATA.getOrDefault(name, Map.of()));
    }
  }

  private void served(String name) throws Exception {
    assertThat(desk.wfs("columns:" + name)).as(name).isEmpty();
    assertThat(desk.wms("columns:" + name)).as(name).isEmpty();
    for (String schema : List.of("columns", "upon")) {
      String view = schema + "." + name;
      assertThat(lab.value("SELECT has_table_privilege('walker', '" + view + "', 'SELECT')"))
          .as(view)
          .isEqualTo("t");
      assertThat(lab.value("SELECT count(id) FROM " + view)).as(view).isEqualTo("" + ROWS);
    }
  }
}
