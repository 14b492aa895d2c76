package io.cotidal.feeds.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.job.Thing.Wish;
import io.cotidal.model.Secret;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  @DisplayName(
      "deltas lead from dump to dump, the last one to the job's own; they change no digest")
  void deltas() {
    String job = "{\"data\":{\"file\":\"m:/d/x.db\",\"md5\":\"%s\"%s}}";
    String[] md5 = {"a".repeat(32), "b".repeat(32), "c".repeat(32)};
    Wish.Publish bare = one(job.formatted(md5[2], ""));
    Wish.Publish offering =
        one(
            job.formatted(
                md5[2],
                """
                ,"deltas":[
                {"file":"m:/d/1","md5":"%1$s","from":"%1$s","to":"%2$s","more":7},
                {"file":"m:/d/2","md5":"%2$s","from":"%2$s"}]
                """
                    .formatted(md5[0], md5[1].toUpperCase(Locale.ROOT))));
    assertThat(offering.data()).isEqualTo(bare.data());
    assertThat(offering.face()).isEqualTo(bare.face());
    assertThat(offering.body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer ->
                assertThat(layer.deltas())
                    .containsExactly(
                        new Body.Delta(
                            new Blob("m", "/d/1", md5[0]),
                            one(job.formatted(md5[0], "")).data(),
                            one(job.formatted(md5[1], "")).data()),
                        new Body.Delta(
                            new Blob("m", "/d/2", md5[1]),
                            one(job.formatted(md5[1], "")).data(),
                            bare.data())));
    String unpinned =
        """
        {"data":{"file":"m:/d/x.db","deltas":[{"file":"m:/d/2","md5":"MD5","from":"MD5"}]}}
        """
            .replace("MD5", md5[0]);
    assertThat(((Body.Layer) one(unpinned).body()).deltas())
        .as("a dump without a checksum is where nothing leads to")
        .isEmpty();
  }

  private static Wish.Publish one(String text) {
    return Samples.one("kmi/layers/s.t.json", text).publish().orElseThrow();
  }

  @Test
  @DisplayName("the table's digest follows the dump alone, the face's everything that is shown")
  void digests() {
    String a = "a".repeat(32);
    String b = "b".repeat(32);
    Wish.Publish before = layer("1", "10:00", "T", "x", a, a);
    Wish.Publish later = layer("2", "11:00", "T", "elsewhere", a, a);
    assertThat(later.data()).isEqualTo(before.data());
    assertThat(later.face()).isEqualTo(before.face());
    assertThat(layer("1", "10:00", "T", "x", b, a).data()).isNotEqualTo(before.data());
    assertThat(layer("1", "10:00", "T", "x", b, a).face()).isEqualTo(before.face());
    assertThat(layer("1", "10:00", "U", "x", a, a).face()).isNotEqualTo(before.face());
    assertThat(layer("1", "10:00", "T", "x", a, b).face()).isNotEqualTo(before.face());
    assertThat(layer("1", "10:00", "T", "x", a, b).data()).isEqualTo(before.data());
    assertThat(layer("2", "10:00", "T", "x", "", a).data())
        .as("without an MD5 the batch stands for the content")
        .isNotEqualTo(layer("1", "10:00", "T", "x", "", a).data());
  }

  private static Wish.Publish layer(
      String batch, String time, String title, String folder, String md5, String style) {
    return Samples.one(
            "kmi/layers/s.t.json",
            """
            {"job_batch_id": "%s", "publish_time": "%s", "workspace": "s", "name": "t", "title": "%s",
             "data": {"file": "b@m:/%s/t.db", "md5": "%s"}, "geoserver_setting": {"create_cache_layer": true},
             "styles": {"builtin": {"file": "b@m:/x/t.sld", "md5": "%s"}}}
            """
                .formatted(batch, time, title, folder, md5, style))
        .publish()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          (b) before 2016-03-18 | {"workspace":"s","name":"t","data":{"file":"b@m:/d/t.tar","md5":"MD5"},"styles":{"builtin":{"file":"b@m:/d/t.sld","md5":"MD5"}},"title":"T","action":"publish"}
          (c) before 2016-02-17 | {"workspace":"s","name":"t","dump_path":"b@m:/d/t.tar","data_md5":"MD5","style_path":"b@m:/d/t.sld","style_md5":"MD5","title":"T","schema":"s"}
          """)
  @DisplayName("feeds/S17: jobs of older masters are understood")
  void olderShapes(String shape, String text) {
    String md5 = "0123456789abcdef".repeat(2);
    Wish.Publish wish =
        Samples.one("kmi/layers/s.t.json", text.replace("MD5", md5)).publish().orElseThrow();
    Blob dump = new Blob("b@m", "/d/t.tar", md5);
    assertThat(wish.body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer -> {
              assertThat(layer.data()).contains(dump);
              assertThat(layer.schemas()).isEqualTo(new Body.Schemas("s", "s_data", "s_outdated"));
              assertThat(layer.face().styles())
                  .containsExactly(Map.entry("builtin", new Blob("b@m", "/d/t.sld", md5)));
              assertThat(layer.face().defaultStyle()).isEqualTo("builtin");
              assertThat(layer.face().title()).isEqualTo("T");
            });
  }

  @Test
  @DisplayName(
      "feeds/S17: a remove job with metadata only takes its name from the path and reads nothing")
  void removeWithMetadataOnly() {
    Thing thing =
        Samples.one(
            "kmi/layers/s.t.json",
            """
            {"action":"remove","job_id":7,"meta":{"file":"b@m:/gone.json","md5":"%s"}}
            """
                .formatted("c".repeat(32)));
    assertThat(thing.wish()).isEqualTo(new Wish.Remove());
    assertThat(thing.subject()).isEqualTo(new Subject(Sort.LAYER, "s", "t"));
    assertThat(thing.fields()).containsEntry("workspace", "s").containsEntry("name", "t");
  }

  @Test
  @DisplayName("newer metadata go before those of the publish job; a table stays the job's")
  void newerMetadata() {
    Documents documents =
        blob ->
            Optional.of(
                blob.path().startsWith("/new")
                    ? "{\"title\":\"new\",\"data\":{\"file\":\"b@m:/evil.db\"}}"
                    : "{\"title\":\"old\",\"abstract\":\"kept\"}");
    Thing thing =
        Samples.all(
                documents,
                "kmi/layers/s.t.json",
                "{\"data\":{\"file\":\"b@m:/d/t.db\"},\"meta\":{\"file\":\"b@m:/old.json\"}}",
                "kmi/layers/s.t.meta.json",
                "{\"action\":\"meta\",\"sync_postgres_data\":false,\"meta\":{\"file\":\"b@m:/new.json\"}}")
            .getFirst();
    assertThat(thing.publish().orElseThrow().body())
        .isInstanceOfSatisfying(
            Body.Layer.class,
            layer -> {
              assertThat(layer.face().title()).isEqualTo("new");
              assertThat(layer.face().summary()).isEqualTo("kept");
              assertThat(layer.database()).isTrue();
              assertThat(layer.data()).contains(new Blob("b@m", "/d/t.db", ""));
            });
  }

  @Test
  @DisplayName("a request to empty tiles changes its digest alone; beside no job it says nothing")
  void emptied() {
    String job = "{\"data\":{\"file\":\"b@m:/d/t.db\"}}";
    Wish.Publish none = Samples.one("kmi/layers/s.t.json", job).publish().orElseThrow();
    Wish.Publish once = emptied(job, "10:00");
    assertThat(none.emptied()).isEmpty();
    assertThat(once.emptied()).isNotEmpty().isNotEqualTo(emptied(job, "11:00").emptied());
    assertThat(once.data()).isEqualTo(none.data());
    assertThat(once.face()).isEqualTo(none.face());
    assertThat(
            Samples.all(
                Documents.NONE,
                "kmi/layers/s.t.empty_gwc.json",
                "{}",
                "kmi/layers/s.u.meta.json",
                "{}"))
        .isEmpty();
  }

  private static Wish.Publish emptied(String job, String time) {
    return Samples.one(
            "kmi/layers/s.t.json",
            job,
            "kmi/layers/s.t.empty_gwc.json",
            "{\"action\":\"empty_gwc\",\"publish_time\":\"" + time + "\"}")
        .publish()
        .orElseThrow();
  }

  @Test
  @DisplayName("two channels that say different things of one subject are refused; both are named")
  void twoChannels() {
    String one = "{\"title\":\"one\"}";
    String two = "{\"title\":\"two\"}";
    String remove = "{\"action\":\"remove\"}";
    Thing thing = Samples.one("kmi/layers/s.t.json", one, "other/layers/s.t.json", two);
    assertThat(thing.wish())
        .isEqualTo(
            new Wish.Refused(
                "kmi/layers/s.t.json and other/layers/s.t.json: say different things of"
                    + " layer/s.t; remove all but one, or listen to one of these channels only"));
    assertThat(Samples.one("kmi/layers/s.t.json", one, "other/layers/s.t.json", one).publish())
        .isPresent();
    assertThat(Samples.one("kmi/layers/s.t.json", remove, "other/layers/s.t.json", two).channel())
        .as("given away by one channel to the other")
        .isEqualTo("other");
    assertThat(Samples.one("kmi/layers/s.t.json", remove, "other/layers/s.t.json", remove).wish())
        .isEqualTo(new Wish.Remove());
    assertThat(Samples.one("kmi/layers/s.t.json", one, "other/layers/s.t.json", "{").wish())
        .as("the one that cannot be read is told, and the other one named")
        .isEqualTo(
            new Wish.Refused(
                "other/layers/s.t.json: line 1: is no JSON; publish it again, and agree with"
                    + " kmi/layers/s.t.json"));
    String thin = "{\"meta\":{\"file\":\"b@m:/%s.json\"}}";
    assertThat(
            Samples.one(
                    "kmi/layers/s.t.json",
                    thin.formatted(1),
                    "other/layers/s.t.json",
                    thin.formatted(2))
                .wish())
        .isEqualTo(
            new Wish.Unread(
                List.of(new Blob("b@m", "/1.json", ""), new Blob("b@m", "/2.json", ""))));
    assertThat(Samples.one("a/slave_roles.sql", "A", "b/slave_roles.sql", "B").wish())
        .isInstanceOf(Wish.Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kmi/layers/sites.parcels.json | true
          kmi/layers/sites.parcels.meta.json | true
          kmi/workspaces/sites.json | true
          kmi/layers.properties | true
          slave_roles.sql | true
          any/where/slave_roles.sql | true
          else/layers/sites.parcels.json | false
          kmi/layers/deep/sites.parcels.json | false
          kmi/layers/sites.parcels.txt | false
          kmi/rasters/sites.parcels.json | false
          layers.properties | false
          kmi/slave_roles.sql.orig | false
          .hgtags | false
          """)
  void interesting(String path, boolean expected) {
    assertThat(Jobs.interesting(path, Set.of("kmi"))).isEqualTo(expected);
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
