package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.job.Thing.Wish;
import io.cotidal.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayName("one revision of a state repository, read")
class JobsTest {
  private static Map<String, Thing> read(SortedMap<String, String> state) {
    return Jobs.read(state, Samples.CHANNELS, Samples::fetched).stream()
        .collect(Collectors.toMap(thing -> thing.subject().key(), Function.identity()));
  }

  private static Wish.Publish publish(Map<String, Thing> things, String key) {
    return things.get(key).publish().orElseThrow(() -> new AssertionError(things.get(key)));
  }

  @Test
  @DisplayName("every job of the samples is understood, one thing a subject, in order")
  void samples() {
    List<Thing> things = Jobs.read(Samples.state(), Samples.CHANNELS, Samples::fetched);
    assertThat(things)
        .extracting(thing -> thing.subject().key())
        .containsExactly(
            "group/sites.base",
            "layer/sites.old_roads",
            "layer/sites.parcels",
            "live-layer/ops.tracks",
            "live-store/ops.fleet",
            "roles/roles",
            "rules/kmi",
            "wms-layer/remote.photo_2026",
            "wms-store/remote.imagery",
            "workspace/sites");
    assertThat(things).noneMatch(thing -> thing.wish() instanceof Wish.Refused);
  }

  @Test
  @DisplayName("a layer's metadata are laid over its thin job")
  void layer() {
    Thing thing = read(Samples.state()).get("layer/sites.parcels");
    Wish.Publish wish = thing.publish().orElseThrow();
    String folder = "/srv/borg/download/full_data/kmi/sites/20261120-AUTO/";
    Blob builtin = new Blob("borg@master.example.org", folder + "parcels.sld", "1".repeat(32));
    assertThat(wish.body())
        .isEqualTo(
            new Body.Layer(
                new Body.Schemas("sites", "sites_data", "sites_outdated"),
                Optional.of(
                    new Blob(
                        "borg@master.example.org",
                        folder + "parcels.db",
                        "5f1c6b0a0e7d4b9c8a7f6e5d4c3b2a10")),
                "wkb_geometry",
                "POLYGON",
                true,
                true,
                Body.Access.SIGNED_IN,
                Optional.of(new Blob("borg@master.example.org", "/srv/borg/previews", "")),
                new Face(
                    "Land parcels",
                    "Synthetic parcels for tests",
                    List.of("cadastre", "land", "boundaries"),
                    "EPSG:4326",
                    Optional.of(new Face.Box(113, -35, 128, -15)),
                    false,
                    new TreeMap<>(
                        Map.of(
                            "builtin",
                            builtin,
                            "outline",
                            new Blob(
                                "borg@master.example.org",
                                folder + "parcels.outline.sld",
                                "2".repeat(32)))),
                    "builtin",
                    Optional.of(new Face.Cache(0, 300, 1, 1)),
                    "WFS"),
                List.of()));
    assertThat(thing.origin())
        .isEqualTo(new Thing.Origin("48211", "20261120-AUTO", "2026-11-20 09:15:01.000000"));
    assertThat(List.of(wish.data(), wish.face(), wish.emptied()))
        .allMatch(digest -> digest.matches("[0-9a-f]{64}"))
        .doesNotHaveDuplicates();
    assertThat(thing.fields()).containsEntry("channel", "kmi").containsEntry("auth_level", 1L);
    assertThat(
            Filter.parse("lambda job: job['bbox'] and job['ows_resource'][0]['format']")
                .judge(thing.fields())
                .admitted())
        .isTrue();
  }

  @Test
  @DisplayName("stores, live layers, groups, workspaces, rules and roles of the samples")
  void others() {
    Map<String, Thing> things = read(Samples.state());
    assertThat(publish(things, "wms-store/remote.imagery").body())
        .isInstanceOfSatisfying(
            Body.WmsStore.class, store -> assertThat(store.readTimeout()).isEqualTo(60));
    assertThat(publish(things, "live-store/ops.fleet").body())
        .isInstanceOfSatisfying(
            Body.LiveStore.class,
            store -> {
              assertThat(store.password()).isEqualTo(new Secret("example-only"));
              assertThat(store.settings()).containsExactly(Map.entry("max connections", "4"));
            });
    assertThat(publish(things, "live-layer/ops.tracks").body())
        .isInstanceOfSatisfying(
            Body.LiveLayer.class,
            layer -> {
              assertThat(layer.query()).startsWith("select * from sites_data.parcels");
              assertThat(layer.access()).isEqualTo(Body.Access.ONE_ROLE);
              assertThat(layer.store()).isEqualTo("fleet");
              assertThat(layer.table()).isEqualTo("parcels");
            });
    assertThat(publish(things, "group/sites.base").body())
        .isInstanceOfSatisfying(
            Body.Group.class,
            group -> {
              assertThat(group.members())
                  .extracting(member -> member.subject().key())
                  .containsExactly(
                      "wms-layer/remote.photo_2026",
                      "layer/sites.parcels",
                      "group/sites.annotations");
              assertThat(group.face().crs()).isEqualTo("EPSG:4326");
            });
    assertThat(publish(things, "workspace/sites").body())
        .isEqualTo(
            new Body.Workspace(
                new Body.Schemas("sites", "sites_data", "sites_outdated"),
                Body.Access.ONE_ROLE,
                true,
                true));
    assertThat(publish(things, "rules/kmi").body())
        .isInstanceOfSatisfying(
            Body.Rules.class,
            rules ->
                assertThat(rules.rules())
                    .hasSize(6)
                    .contains(
                        new Body.Rule("mode", "CHALLENGE"), new Body.Rule("remote.*.r", "*")));
    assertThat(publish(things, "roles/roles").data()).isNotEmpty();
    assertThat(things.get("layer/sites.old_roads").wish()).isEqualTo(new Wish.Remove());
    assertThat(things.toString()).doesNotContain("example-only");
  }

  @Test
  @DisplayName("without its metadata a layer is unread, and says what it needs")
  void unread() {
    List<Thing> things = Jobs.read(Samples.state(), Samples.CHANNELS, Documents.NONE);
    Thing parcels =
        things.stream().filter(t -> t.subject().name().equals("parcels")).findFirst().orElseThrow();
    assertThat(parcels.wish())
        .isInstanceOfSatisfying(
            Wish.Unread.class,
            unread ->
                assertThat(unread.documents())
                    .extracting(Blob::path)
                    .containsExactly(
                        "/srv/borg/download/full_data/kmi/sites/20261120-AUTO/parcels.meta.json",
                        "/srv/borg/download/style_file/kmi/sites/parcels.meta.json"));
    assertThat(things).filteredOn(t -> t.wish() instanceof Wish.Unread).hasSize(5);
  }

  @Test
  @DisplayName("fields that nobody knows are passed over; short and odd forms are taken")
  void tolerant() {
    Thing thing =
        Samples.one(
            "kmi/layers/s.t.json",
            """
            {"job_id": "x", "remove_time": null, "applications": ["a:1"], "anything": {"deep": [1, {}]},
             "sync_postgres_data": "false", "sync_geoserver_data": 1, "auth_level": "2", "bbox": null,
             "keywords": ["b", " a ", "b", ""], "styles": {"builtin": {"default": true}}, "data": null,
             "spatial_column": null, "service_type": "", "geoserver_setting": {"gridsets": {}}}
            """);
    Wish.Publish wish = thing.publish().orElseThrow();
    assertThat(wish.data()).isEmpty();
    assertThat(wish.body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer -> {
              assertThat(layer.database()).isFalse();
              assertThat(layer.shown()).isTrue();
              assertThat(layer.access()).isEqualTo(Body.Access.ONE_ROLE);
              assertThat(layer.face().keywords()).containsExactly("b", "a");
              assertThat(layer.face().styles()).isEmpty();
              assertThat(layer.face().defaultStyle()).isEmpty();
              assertThat(layer.face().cache()).isEmpty();
            });
  }
}
