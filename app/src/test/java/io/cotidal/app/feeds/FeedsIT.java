package io.cotidal.app.feeds;

import static io.cotidal.app.feeds.ReplicaDesk.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.cli.api.Node;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One replica under a whole daemon: git over sshd, rsync, PostGIS, GeoServer. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("a replica of published datasets")
final class FeedsIT {
  private FeedsLab lab;
  private StartedDaemon daemon;
  private ResourceApi api;
  private ReplicaDesk desk;

  @BeforeAll
  void open() throws Exception {
    lab = FeedsLab.open();
    lab.publish("sites", "parcels", 300, "first");
    lab.publish("sites", "roads", 50, "first");
    lab.master.write(
        "workspaces/sites.json",
        """
        {"schema": "sites", "data_schema": "sites_data", "outdated_schema": "sites_outdated",
         "channel": "kmi", "sync_postgres_data": true, "sync_geoserver_data": true, "auth_level": 0,
         "action": "publish"}
        """);
    lab.master.write(
        "layergroups/sites.base.json",
        """
        {"workspace": "sites", "name": "base", "title": "Base map", "abstract": "All", "srs": "EPSG:4326",
         "channel": "kmi", "auth_level": 0, "spatial_data": true, "sync_geoserver_data": true,
         "layers": [{"type": "publish", "name": "parcels", "workspace": "sites"},
                    {"type": "publish", "name": "roads", "workspace": "sites"}],
         "geoserver_setting": {"create_cache_layer": true}}
        """);
    lab.master.write(
        "slave_roles.sql",
        """
        /* roles that the master would render */
        DO $$BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname='surveyors')
          THEN CREATE ROLE "surveyors"; END IF; END$$;
        GRANT USAGE ON SCHEMA sites TO "surveyors";
        GRANT SELECT ON sites.parcels TO "surveyors";
        """);
    lab.master.commit("first");
    daemon = new StartedDaemon(lab.configure(""));
    api = ResourceApi.of(lab.port, daemon.token(), "feeds/" + FeedsLab.REPLICA);
    desk = new ReplicaDesk(lab, api);
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  @Order(1)
  @DisplayName("feeds/S1: the first pass publishes all there is; the second writes nothing")
  void first() throws Exception {
    desk.settled(lab.master.repository().head());
    assertThat(lab.rows("sites.parcels")).isEqualTo("first 300");
    assertThat(lab.rows("sites.roads")).isEqualTo("first 50");
    // Roles come before tables; what they grant on a table is made up for when it comes.
    assertThat(lab.value("SELECT has_schema_privilege('surveyors', 'sites', 'USAGE')"))
        .isEqualTo("t");
    assertThat(lab.value("SELECT has_table_privilege('surveyors', 'sites.parcels', 'SELECT')"))
        .isEqualTo("t");
    assertThat(lab.value("SELECT has_table_privilege('surveyors', 'sites.roads', 'SELECT')"))
        .isEqualTo("f");
    assertThat(desk.features("sites:parcels")).contains("FeatureCollection");
    assertThat(lab.geoserver.style("sites", "parcels")).isPresent();
    long writes = lab.geoserver.journal().writes();
    String wal = lab.value("SELECT count(*) FROM publish.cotidal_generation");
    String next = lab.master.commit("nothing changes");
    desk.settled(next);
    assertThat(lab.geoserver.journal().writes()).isEqualTo(writes);
    assertThat(lab.value("SELECT count(*) FROM publish.cotidal_generation")).isEqualTo(wal);
  }

  @Test
  @Order(2)
  @DisplayName("feeds/S5: of two commits the newer wins, and no job is applied twice")
  void newest() throws Exception {
    lab.publish("sites", "parcels", 310, "second");
    lab.master.commit("second");
    lab.publish("sites", "parcels", 320, "third");
    String head = lab.master.commit("third");
    desk.settled(head);
    assertThat(lab.rows("sites.parcels")).isEqualTo("third 320");
  }

  @Test
  @Order(3)
  @DisplayName("feeds/S2: a dump that is not what its job says changes nothing, and others go on")
  void corrupted() throws Exception {
    lab.master.table("sites", "roads", 60, "good");
    lab.master.publish("sites", "roads", lab.master.dump("sites", "roads"), Map.of());
    lab.master.table("sites", "other", 5, "wrong table");
    lab.master.publish("sites", "parcels", lab.master.dump("sites", "other"), Map.of());
    lab.master.commit("one is bad");
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(lab.rows("sites.roads")).isEqualTo("good 60");
          assertThat(api.code()).as(desk.sentence()).isEqualTo("jobs-failing");
        });
    assertThat(desk.sentence()).contains("layer/sites.parcels");
    assertThat(lab.rows("sites.parcels")).isEqualTo("third 320");
    lab.publish("sites", "parcels", 330, "mended");
    desk.settled(lab.master.commit("mended"));
    assertThat(lab.rows("sites.parcels")).isEqualTo("mended 330");
  }

  @Test
  @Order(4)
  @DisplayName("a roll-back is one request, and holds until the job brings other data")
  void rollBack() throws Exception {
    Node done = api.act("roll-back", Map.of("job", "sites.parcels"));
    assertThat(done.text("state")).as(done.toString()).isEqualTo("done");
    assertThat(lab.rows("sites.parcels")).isEqualTo("third 320");
    desk.settled(lab.master.commit("nothing for parcels"));
    assertThat(lab.rows("sites.parcels")).isEqualTo("third 320");
    lab.publish("sites", "parcels", 340, "newer");
    desk.settled(lab.master.commit("newer"));
    assertThat(lab.rows("sites.parcels")).isEqualTo("newer 340");
  }

  @Test
  @Order(5)
  @DisplayName(
      "feeds/S11: a job that removes takes layer, styles, view and tables; the group lets go")
  void removed() throws Exception {
    lab.master.remove("sites", "roads");
    lab.master.write(
        "layergroups/sites.base.json",
        """
        {"workspace": "sites", "name": "base", "title": "Base map", "abstract": "All", "srs": "EPSG:4326",
         "channel": "kmi", "auth_level": 0, "spatial_data": true, "sync_geoserver_data": true,
         "layers": [{"type": "publish", "name": "parcels", "workspace": "sites"}],
         "geoserver_setting": {"create_cache_layer": true}}
        """);
    desk.settled(lab.master.commit("no roads"));
    assertThat(lab.attempt("SELECT count(*) FROM sites.roads")).isEqualTo("42P01");
    assertThat(lab.tables("sites_data")).noneMatch(table -> table.startsWith("roads"));
    assertThat(lab.geoserver.style("sites", "roads")).isEmpty();
    assertThat(lab.geoserver.style("sites", "parcels")).isPresent();
  }

  @Test
  @Order(6)
  @DisplayName("feeds/S19: a view that somebody drops and a layer that somebody deletes come back")
  void drift() throws Exception {
    lab.postgis.execute(FeedsLab.DATABASE, "DROP VIEW sites.parcels");
    await().atMost(LONG).until(() -> lab.rows("sites.parcels").equals("newer 340"));
    desk.settled(lab.master.repository().head());
  }

  @Test
  @Order(7)
  @DisplayName("a daemon that starts again knows all that was done, and does nothing anew")
  void again() throws Exception {
    long writes = lab.geoserver.journal().writes();
    daemon.again();
    desk.settled(lab.master.commit("after a restart"));
    assertThat(lab.geoserver.journal().writes()).isEqualTo(writes);
    assertThat(api.ask("explain", Map.of("job", "sites.parcels")).text("sentence"))
        .contains("is as its job says");
  }

  private String made() throws Exception {
    return api.ask("explain", Map.of("job", "sites.parcels")).list("lines").stream()
        .map(line -> line.at("facts").text("made"))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  @Test
  @Order(8)
  @DisplayName(
      "what the master packs comes as deltas alone: no dump is there, and readers see no error")
  void deltas() throws Exception {
    DeltaMaster packing = new DeltaMaster(lab);
    lab.master.table("sites", "parcels", 500, "packed");
    assertThat(packing.publish()).contains("there is no base for a delta yet");
    desk.settled(lab.master.commit("packed first"));
    Set<String> published = new HashSet<>(Set.of(packing.content()));
    try (Reading reading = new Reading(lab)) {
      for (int i = 1; i <= 3; i++) {
        packing.change(
            "UPDATE sites_data.parcels SET category = 'changed " + i + "' WHERE id % 50 = " + i);
        packing.change("DELETE FROM sites_data.parcels WHERE id = " + (100 + i));
        assertThat(packing.publish()).contains("offers " + i + " deltas");
        packing.loseDump();
        published.add(packing.content());
        desk.settled(lab.master.commit("packed " + i));
        assertThat(packing.published()).isEqualTo(packing.content());
        assertThat(made()).startsWith(i < 3 ? "by a delta upon a copy of g" : "by 3 deltas upon g");
      }
      assertThat(reading.errors()).isEmpty();
      assertThat(published).containsAll(reading.seen());
    }
    Node done = api.act("roll-back", Map.of("job", "sites.parcels"));
    assertThat(done.text("state")).as(done.toString()).isEqualTo("done");
    assertThat(published).contains(packing.published()).doesNotContain("");
    assertThat(packing.published()).isNotEqualTo(packing.content());
  }

  @Test
  @Order(9)
  @DisplayName("a delta that is of no use costs the dump, and is told")
  void brokenDelta() throws Exception {
    DeltaMaster packing = new DeltaMaster(lab);
    packing.change("UPDATE sites_data.parcels SET category = 'after' WHERE id = 7");
    packing.publish();
    packing.breakDelta();
    desk.settled(lab.master.commit("a broken delta"));
    assertThat(packing.published()).isEqualTo(packing.content());
    assertThat(made()).startsWith("in full: the delta cannot be used");
  }
}
