package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.lab.geoserver.GeoServerStub;
import io.cotidal.model.Secret;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a site is told, and what it then shows, against a GeoServer with a real PostGIS. */
@DisplayName("a GeoServer")
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteContractIT {
  private static final Body.Member PARCELS = new Body.Member(Sort.LAYER, "sites", "parcels");

  private Path folder;
  private SiteLab lab;
  private Site site;

  @BeforeAll
  void begin(@TempDir Path temporary) throws Exception {
    folder = temporary;
    lab = SiteLab.open(folder);
    site = lab.site();
  }

  @AfterAll
  void end() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void clean() throws Exception {
    Listing listing = site.listing(SiteLab.soon());
    for (String group : ours(listing.groups())) {
      remove(new Gone.Group(subject(Sort.GROUP, group)));
    }
    for (String layer : ours(listing.layers())) {
      remove(new Gone.Layer(subject(Sort.WMS_LAYER, layer), ""));
      remove(new Gone.Layer(subject(Sort.LAYER, layer), ""));
    }
    for (String store : ours(site.listing(SiteLab.soon()).stores())) {
      remove(new Gone.Store(subject(Sort.WMS_STORE, store)));
      remove(new Gone.Store(subject(Sort.LIVE_STORE, store)));
    }
  }

  /** Of a real GeoServer, nothing but the workspaces of these tests is touched. */
  private static List<String> ours(Set<String> names) {
    return names.stream().filter(name -> name.matches("(sites|ops|remote):.*")).toList();
  }

  private static Subject subject(Sort sort, String qualified) {
    int colon = qualified.indexOf(':');
    return new Subject(sort, qualified.substring(0, colon), qualified.substring(colon + 1));
  }

  private Applied apply(Wanted wanted) throws SiteException {
    return site.apply(wanted, SiteLab.soon());
  }

  private Applied remove(Gone gone) throws SiteException {
    return site.remove(gone, SiteLab.soon());
  }

  private Kind refused(Wanted wanted) {
    try {
      Applied _ = apply(wanted);
    } catch (SiteException e) {
      return e.kind();
    }
    throw new AssertionError("was not refused");
  }

  @Test
  @DisplayName(
      "feeds/S1: shows a published layer with its styles; the second time nothing is written")
  void publishes() throws Exception {
    Applied first = apply(lab.parcels("Land parcels", "aa0000"));
    assertThat(first.writes()).isPositive();
    assertThat(site.probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
    Listing listing = site.listing(SiteLab.soon());
    assertThat(listing.layers()).contains("sites:parcels");
    assertThat(listing.stores()).contains("sites:sites_ds");
    assertThat(listing.styles()).contains("sites:parcels", "sites:parcels.outline");
    assertThat(listing.version()).startsWith("2.");

    Applied second = apply(lab.parcels("Land parcels", "aa0000"));
    assertThat(second).isEqualTo(new Applied(0, first.print()));
    assertThat(site.applyWhole(lab.parcels("Land parcels", "aa0000"), SiteLab.soon()))
        .isEqualTo(second);
  }

  @Test
  @DisplayName("is asked once about a layer that is as it was left")
  void oneGet() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    lab.stub().journal().clear();
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    assertThat(lab.stub().journal().entries()).hasSize(1);
  }

  @Test
  @DisplayName("feeds/S19: says what would have to be written, and writes nothing")
  void rehearses() throws Exception {
    Wanted wanted = lab.parcels("Land parcels", "aa0000");
    assertThat(site.drift(wanted, false, SiteLab.soon())).isPresent();
    assertThat(site.listing(SiteLab.soon()).layers()).isEmpty();
    Applied _ = apply(wanted);
    assertThat(site.drift(wanted, false, SiteLab.soon())).isEmpty();
    assertThat(site.drift(wanted, true, SiteLab.soon())).isEmpty();
    lab.stub().journal().clear();
    assertThat(site.drift(lab.parcels("Edited", "aa0000"), false, SiteLab.soon()).orElse(""))
        .isEqualTo("PUT /rest/workspaces/sites/datastores/sites_ds/featuretypes/parcels.json");
    Wanted group = SiteLab.group("base", List.of(PARCELS));
    assertThat(site.drift(group, true, SiteLab.soon())).isPresent();
    assertThat(lab.stub().journal().writes()).isZero();
  }

  @Test
  @DisplayName("shows many layers of a new workspace that are published at once")
  void atOnce() throws Exception {
    List<Future<Applied>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        Subject subject = new Subject(Sort.LAYER, "ops", "together_" + i);
        lab.sql(
            "CREATE OR REPLACE VIEW sites.together_" + i + " AS SELECT * FROM sites_data.parcels");
        SortedMap<String, Path> styles = lab.styles("aa0000");
        Wanted wanted = SiteLab.layer(subject, SiteLab.face("Together", styles), styles);
        all.add(threads.submit(() -> apply(wanted)));
      }
      for (Future<Applied> one : all) {
        assertThat(one.get(30, TimeUnit.SECONDS).writes()).isPositive();
      }
    }
    assertThat(ours(site.listing(SiteLab.soon()).layers())).hasSize(8);
  }

  @Test
  @DisplayName("that is not one, or not yet, takes nothing away: that is not known")
  void notOne() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(404, -1);
          }
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Site other = new Site(SiteLab.server(url, "a", "b"), Optional.of(lab.database()));
      Gone gone = new Gone.Layer(SiteLab.PARCELS, "");
      assertThatThrownBy(() -> other.remove(gone, SiteLab.soon()))
          .isInstanceOf(SiteException.class);
      assertThatThrownBy(() -> other.listing(SiteLab.soon())).isInstanceOf(SiteException.class);
      assertThatThrownBy(() -> other.truncate(SiteLab.SPOT, SiteLab.soon()))
          .isInstanceOf(SiteException.class);
      Wanted wanted = lab.parcels("x", "aa0000");
      assertThatThrownBy(() -> other.apply(wanted, SiteLab.soon()))
          .isInstanceOf(SiteException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  @DisplayName("takes titles of any script, and styles of any encoding")
  void scripts() throws Exception {
    Path latin = folder.resolve("latin.sld");
    Files.write(
        latin,
        "<?xml version='1.0' encoding='ISO-8859-1'?><StyledLayerDescriptor>gr\u00fcn</StyledLayerDescriptor>"
            .getBytes(StandardCharsets.ISO_8859_1));
    SortedMap<String, Path> styles = new TreeMap<>(Map.of("builtin", latin));
    String title = "Grundst\u00fccke \u2014 \u5730\u56fe \ud83d\uddfa <&>";
    Wanted wanted = SiteLab.layer(SiteLab.PARCELS, SiteLab.face(title, styles), styles);
    Applied _ = apply(wanted);
    assertThat(site.applyWhole(wanted, SiteLab.soon()).writes()).isZero();
    assertThat(lab.stub().style("sites", "parcels").orElse("")).contains("gr\u00fcn", "UTF-8");
    Calls calls = new Calls(Rest.to(server()), SiteLab.soon());
    var found = calls.get("/rest/workspaces/sites/featuretypes/parcels.json").orElseThrow();
    assertThat(found.path("featureType").path("title").asString()).isEqualTo(title);
  }

  @Test
  @DisplayName("lists a thousand layers in a moment")
  void lists() throws Exception {
    lab.stub().fill("many", 1000);
    long begun = System.nanoTime();
    assertThat(site.listing(SiteLab.soon()).layers()).hasSizeGreaterThanOrEqualTo(1000);
    long millis = (System.nanoTime() - begun) / 1_000_000;
    System.out.println("a listing of 1000 layers took " + millis + " ms");
    assertThat(millis).isLessThan(3000);
    lab.stub().fill("many", 0);
  }

  @Test
  @DisplayName("is told only what changed: a title is one write, and so is a style")
  void changes() throws Exception {
    Applied first = apply(lab.parcels("Land parcels", "aa0000"));
    Applied title = apply(lab.parcels("Parcels of land", "aa0000"));
    assertThat(title.writes()).isEqualTo(1);
    assertThat(title.print()).isNotEqualTo(first.print());
    Applied style = apply(lab.parcels("Parcels of land", "00bb00"));
    assertThat(style.writes()).as("two styles and the mark").isEqualTo(3);
    assertThat(lab.stub().style("sites", "parcels").orElse("")).contains("00bb00");
  }

  @Test
  @DisplayName("feeds/S19: an edited title and an edited style are seen and mended")
  void drift() throws Exception {
    Applied left = apply(lab.parcels("Land parcels", "aa0000"));
    Subject other = SiteLab.PARCELS;
    SortedMap<String, Path> styles = lab.styles("aa0000");
    Applied _ = apply(SiteLab.layer(other, SiteLab.face("Somebody's title", styles), styles));
    assertThat(apply(lab.parcels("Land parcels", "aa0000")).print()).isEqualTo(left.print());

    Calls calls = new Calls(Rest.to(server()), SiteLab.soon());
    calls.put(
        "/rest/workspaces/sites/styles/parcels.sld",
        StyleFile.read("parcels", lab.style("x", "123456")).content());
    assertThat(site.applyWhole(lab.parcels("Land parcels", "aa0000"), SiteLab.soon()).writes())
        .isPositive();
    assertThat(lab.stub().style("sites", "parcels").orElse("")).contains("aa0000");
  }

  private io.cotidal.feeds.spec.FeedsSpec.GeoServer server() {
    return SiteLab.server(lab.stub().url(), GeoServerStub.USER, GeoServerStub.PASSWORD);
  }

  @Test
  @DisplayName("feeds/S19: a layer that somebody deleted, and left its data, is made again")
  void layerGone() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    boolean _ = new Calls(Rest.to(server()), SiteLab.soon()).delete("/rest/layers/sites:parcels");
    assertThat(site.listing(SiteLab.soon()).layers()).isEmpty();
    Applied _ = site.applyWhole(lab.parcels("Land parcels", "aa0000"), SiteLab.soon());
    assertThat(site.probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
  }

  @Test
  @DisplayName("keeps what we do not own")
  void foreignFields() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Calls calls = new Calls(Rest.to(server()), SiteLab.soon());
    String path = "/rest/workspaces/sites/datastores/sites_ds/featuretypes/parcels.json";
    calls.put(
        path,
        Tree.content("featureType", Tree.node().put("name", "parcels").put("maxFeatures", 77)));
    Applied _ = apply(lab.parcels("Another title", "aa0000"));
    var found = calls.get(path).orElseThrow().path("featureType");
    assertThat(found.path("maxFeatures").asInt()).isEqualTo(77);
    assertThat(found.path("title").asString()).isEqualTo("Another title");
  }

  @Test
  @DisplayName(
      "lets go of a style that the layer does not want any more, and keeps one that others use")
  void styles() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    SortedMap<String, Path> one = new TreeMap<>(Map.of("builtin", lab.style("b", "aa0000")));
    Applied _ = apply(SiteLab.layer(SiteLab.PARCELS, SiteLab.face("Land parcels", one), one));
    assertThat(site.listing(SiteLab.soon()).styles()).containsExactly("sites:parcels");
  }

  @Test
  @DisplayName(
      "feeds/S15: a style with an entity, or that is none, is refused before anything is written")
  void hostileStyles() throws Exception {
    Path entity =
        Files.writeString(
            folder.resolve("entity.sld"),
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><StyledLayerDescriptor>&e;</StyledLayerDescriptor>");
    Path other = Files.writeString(folder.resolve("other.sld"), "<html/>");
    Path broken = Files.writeString(folder.resolve("broken.sld"), "<StyledLayerDescriptor>");
    for (Path bad : List.of(entity, other, broken)) {
      SortedMap<String, Path> styles = new TreeMap<>(Map.of("builtin", bad));
      Wanted wanted = SiteLab.layer(SiteLab.PARCELS, SiteLab.face("x", styles), styles);
      assertThat(refused(wanted)).isEqualTo(Kind.REJECTED);
    }
    assertThat(site.listing(SiteLab.soon()).layers()).isEmpty();
  }

  @Test
  @DisplayName(
      "feeds/S11: removes a layer with styles and tiles, and not before its group let it go")
  void removes() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    lab.table("roads", 5);
    Subject roads = new Subject(Sort.LAYER, "sites", "roads");
    SortedMap<String, Path> none = new TreeMap<>();
    Applied _ = apply(SiteLab.layer(roads, SiteLab.face("Roads", none), none));
    Body.Member second = new Body.Member(Sort.LAYER, "sites", roads.name());
    Applied _ = apply(SiteLab.group("base", List.of(PARCELS, second)));
    lab.stub().keepTiles("sites:parcels", 12);

    Gone gone = new Gone.Layer(SiteLab.PARCELS, "");
    assertThatThrownBy(() -> remove(gone))
        .isInstanceOf(SiteException.class)
        .hasMessageContaining("take it out of the group first");
    assertThat(site.probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());

    Applied _ = apply(SiteLab.group("base", List.of(second)));
    Applied _ = remove(gone);
    Listing listing = site.listing(SiteLab.soon());
    assertThat(listing.layers()).containsExactly("sites:" + roads.name());
    assertThat(listing.styles()).isEmpty();
    assertThat(lab.stub().tiles("sites:parcels")).isZero();
    assertThat(listing.stores()).as("the other layer needs it").contains("sites:sites_ds");
    assertThat(remove(gone).writes()).isZero();

    Applied _ = remove(new Gone.Group(new Subject(Sort.GROUP, "sites", "base")));
    Applied _ = remove(new Gone.Layer(roads, ""));
    assertThat(site.listing(SiteLab.soon()).stores()).isEmpty();
  }

  @Test
  @DisplayName("has groups of layers and groups, changed without being deleted")
  void groups() throws Exception {
    assertThat(refused(SiteLab.group("base", List.of(PARCELS)))).isEqualTo(Kind.FAILED);
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Applied first = apply(SiteLab.group("base", List.of(PARCELS)));
    assertThat(apply(SiteLab.group("base", List.of(PARCELS))))
        .isEqualTo(new Applied(0, first.print()));
    Applied _ = apply(SiteLab.group("top", List.of(new Body.Member(Sort.GROUP, "sites", "base"))));
    Body.Member top = new Body.Member(Sort.GROUP, "sites", "top");
    assertThat(apply(SiteLab.group("all", List.of(PARCELS, top))).writes()).isPositive();
    assertThat(apply(SiteLab.group("all", List.of(PARCELS))).writes()).isEqualTo(1);
    Calls calls = new Calls(Rest.to(server()), SiteLab.soon());
    assertThat(calls.text("/rest/workspaces/sites/layergroups/all.json").orElse(""))
        .as("bounds follow the members")
        .contains("\"minx\":\"113.0\"");
    Spot spot = Spot.group(new Subject(Sort.GROUP, "sites", "top"));
    assertThat(site.probe(spot, SiteLab.soon())).isEqualTo(new Probe.Good());
    remove(new Gone.Group(new Subject(Sort.GROUP, "sites", "top")));
  }

  @Test
  @DisplayName("shows a live store's table, and a query on it")
  void live() throws Exception {
    Subject store = new Subject(Sort.LIVE_STORE, "ops", "fleet");
    Body.LiveStore body =
        new Body.LiveStore(
            "127.0.0.1",
            lab.postgis().port(),
            SiteLab.DATABASE,
            "postgres",
            lab.postgis().password(),
            "sites_data",
            new TreeMap<>(Map.of("max connections", "4")));
    Wanted wanted = new Wanted.LiveStore(store, body, false);
    Applied first = apply(wanted);
    assertThat(first.writes()).isPositive();
    assertThat(apply(wanted)).isEqualTo(new Applied(0, first.print()));
    assertThat(apply(new Wanted.LiveStore(store, body, true)).writes()).isEqualTo(1);

    Subject tracks = new Subject(Sort.LIVE_LAYER, "ops", "tracks");
    Spot spot = Spot.live(tracks, "fleet", true);
    String query = "select * from sites_data.parcels where category = 'road'";
    assertThat(apply(live(tracks, query)).writes()).isPositive();
    assertThat(apply(live(tracks, query)).writes()).isZero();
    assertThat(site.probe(spot, SiteLab.soon())).isEqualTo(new Probe.Good());
    assertThat(apply(live(tracks, query + " and ogc_fid > 3")).writes()).isPositive();
    assertThat(apply(live(tracks, "")).writes()).isPositive();
    assertThat(site.probe(spot, SiteLab.soon())).isEqualTo(new Probe.Good());

    Gone gone = new Gone.Store(store);
    assertThatThrownBy(() -> remove(gone)).hasMessageContaining("something still uses it");
    remove(new Gone.Layer(tracks, "fleet"));
    remove(gone);
    assertThat(site.listing(SiteLab.soon()).stores()).isEmpty();
  }

  private static Wanted.LiveLayer live(Subject subject, String query) {
    Face face = SiteLab.face("Tracks", new TreeMap<>());
    return new Wanted.LiveLayer(
        subject,
        new Body.LiveLayer(
            "fleet",
            "parcels",
            query,
            "wkb_geometry",
            "POLYGON",
            Body.Access.ONE_ROLE,
            Optional.empty(),
            face),
        new TreeMap<>());
  }

  @Test
  @DisplayName("cascades a layer of another server, and says of one in use that it is in use")
  void cascades() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Subject store = new Subject(Sort.WMS_STORE, "remote", "imagery");
    String capabilities =
        lab.stub().url() + "/wms?service=WMS&request=GetCapabilities&version=1.1.1";
    Wanted wanted =
        new Wanted.WmsStore(
            store, new Body.WmsStore(capabilities, "", new Secret(""), 6, 60, 30), false);
    Applied first = apply(wanted);
    assertThat(apply(wanted)).isEqualTo(new Applied(0, first.print()));
    Subject photo = new Subject(Sort.WMS_LAYER, "remote", "photo_2026");
    assertThat(apply(cascaded(photo, "sites:parcels")).writes()).isPositive();
    assertThat(apply(cascaded(photo, "sites:parcels")).writes()).isZero();
    Spot spot = Spot.cascaded(photo, "imagery");
    assertThat(site.probe(spot, SiteLab.soon())).isEqualTo(new Probe.Good());
    Subject unknown = new Subject(Sort.WMS_LAYER, "remote", "unknown");
    assertThat(refused(cascaded(unknown, "sites:nothing"))).isEqualTo(Kind.FAILED);
    assertThatThrownBy(() -> remove(new Gone.Store(store)))
        .hasMessageContaining("layers still use it");
    remove(new Gone.Layer(photo, "imagery"));
    remove(new Gone.Store(store));
    assertThat(site.listing(SiteLab.soon()).stores()).containsExactly("sites:sites_ds");
  }

  private static Wanted.WmsLayer cascaded(Subject subject, String nativeName) {
    Face face = SiteLab.face("Photo 2026", new TreeMap<>());
    return new Wanted.WmsLayer(
        subject,
        new Body.WmsLayer("imagery", nativeName, Body.Access.EVERYBODY, Optional.empty(), face));
  }

  @Test
  @DisplayName("has the rules of our file, and keeps those of others")
  void rules() throws Exception {
    Subject subject = new Subject(Sort.RULES, "kmi", "");
    Body.Rules rules =
        new Body.Rules(
            List.of(
                new Body.Rule("mode", "CHALLENGE"),
                new Body.Rule("sites.*.r", "ROLE_AUTHENTICATED,ROLE_X"),
                new Body.Rule("ops.*.r", "ops")));
    assertThat(apply(new Wanted.Rules(subject, rules, Set.of())).writes()).isPositive();
    assertThat(apply(new Wanted.Rules(subject, rules, Set.of())).writes()).isZero();
    Body.Rules fewer = new Body.Rules(List.of(new Body.Rule("sites.*.r", "ROLE_X")));
    assertThat(apply(new Wanted.Rules(subject, fewer, Set.of("ops.*.r"))).writes()).isEqualTo(2);
    Calls calls = new Calls(Rest.to(server()), SiteLab.soon());
    var all = calls.get("/rest/security/acl/layers.json").orElseThrow();
    assertThat(all.path("sites.*.r").asString()).isEqualTo("ROLE_X");
    assertThat(all.has("*.*.w")).isTrue();
    assertThat(all.has("ops.*.r")).isFalse();
    remove(new Gone.Rules(subject, Set.of("sites.*.r")));
    assertThat(apply(new Wanted.Rules(subject, new Body.Rules(List.of()), Set.of())).writes())
        .isZero();
  }

  @Test
  @DisplayName("has a workspace with our namespace and its datastore")
  void workspaces() throws Exception {
    Subject subject = new Subject(Sort.WORKSPACE, "sites", "");
    Applied first = apply(new Wanted.Workspace(subject, Optional.of("sites"), false));
    assertThat(apply(new Wanted.Workspace(subject, Optional.of("sites"), false)))
        .isEqualTo(new Applied(0, first.print()));
    assertThat(apply(new Wanted.Workspace(subject, Optional.of("sites_data"), false)).writes())
        .isEqualTo(1);
    Gone gone = new Gone.Workspace(subject);
    assertThatThrownBy(() -> remove(gone)).hasMessageContaining("something is left in it");
  }

  @Test
  @DisplayName("keeps tiles as told, in the grid sets that it has, and empties them to the end")
  void tiles() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Calls calls = new Calls(Rest.to(server()), SiteLab.soon());
    String path = "/gwc/rest/layers/sites:parcels.xml";
    assertThat(calls.text(path).orElse(""))
        .contains("<expireClients>300</expireClients>", "styleParameterFilter");
    lab.stub().gridSets(List.of("EPSG:4326", "gda94", "mercator"));
    Applied _ = site.applyWhole(lab.parcels("Land parcels", "aa0000"), SiteLab.soon());
    assertThat(calls.text(path).orElse("")).contains("gda94", "mercator");
    lab.stub().gridSets(List.of("EPSG:4326", "EPSG:900913"));

    lab.stub().keepTiles("sites:parcels", 12);
    lab.stub().emptiesSlowly(3);
    lab.stub().journal().clear();
    Applied emptied = site.truncate(SiteLab.SPOT, SiteLab.soon());
    assertThat(emptied.writes()).isEqualTo(1);
    assertThat(lab.stub().journal().entries()).as("it was waited for").hasSizeGreaterThan(4);
    lab.stub().emptiesSlowly(0);

    SortedMap<String, Path> none = new TreeMap<>();
    Face face = SiteLab.face("Land parcels", none);
    Face without =
        new Face(
            face.title(),
            face.summary(),
            face.keywords(),
            face.crs(),
            face.box(),
            true,
            face.styles(),
            "",
            Optional.empty(),
            "WFS");
    Applied _ = apply(SiteLab.layer(SiteLab.PARCELS, without, none));
    assertThat(calls.text(path)).isEmpty();
    assertThat(site.truncate(SiteLab.SPOT, SiteLab.soon()).writes()).isZero();
  }

  @Test
  @DisplayName("gives a picture of a layer within the size that was asked for")
  void preview() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Face.Box box = new Face.Box(113, -35, 128, -15);
    byte[] png = site.preview(SiteLab.SPOT, box, 480, 278, SiteLab.soon());
    var picture = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(picture.getWidth()).isLessThanOrEqualTo(480);
    assertThat(picture.getHeight()).isEqualTo(278);
    Spot nowhere = Spot.layer(new Subject(Sort.LAYER, "sites", "nowhere"), true);
    assertThatThrownBy(() -> site.preview(nowhere, box, 480, 278, SiteLab.soon()))
        .hasMessageContaining("no picture");
  }

  @Test
  @DisplayName("feeds/S15: names that would mean something in a URL mean nothing there")
  void hostileNames() throws Exception {
    for (String name : List.of("a b", "ä?x=1&y", "x/../../rest/reload", "50%25", "a.b.json", "#")) {
      Subject subject = new Subject(Sort.LAYER, "sites", name);
      lab.sql("CREATE OR REPLACE VIEW sites.\"" + name + "\" AS SELECT * FROM sites_data.parcels");
      SortedMap<String, Path> styles = lab.styles("aa0000");
      Wanted wanted = SiteLab.layer(subject, SiteLab.face("Hostile", styles), styles);
      Applied _ = apply(wanted);
      assertThat(apply(wanted).writes()).as(name).isZero();
      assertThat(site.listing(SiteLab.soon()).layers()).containsExactly("sites:" + name);
      assertThat(site.probe(Spot.layer(subject, true), SiteLab.soon())).isEqualTo(new Probe.Good());
      Applied _ = remove(new Gone.Layer(subject, ""));
      assertThat(site.listing(SiteLab.soon()).layers()).isEmpty();
      assertThat(site.listing(SiteLab.soon()).styles()).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "with a wrong password says so; one that is away is told apart from one that refuses")
  void kinds() throws Exception {
    Site stranger =
        new Site(SiteLab.server(lab.stub().url(), "admin", "wrong-one"), Optional.empty());
    assertThatThrownBy(() -> stranger.listing(SiteLab.soon()))
        .isInstanceOfSatisfying(
            SiteException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORISED))
        .hasMessageNotContaining("wrong-one");
    Site away =
        new Site(SiteLab.server("http://127.0.0.1:1/geoserver", "a", "b"), Optional.empty());
    assertThatThrownBy(() -> away.listing(SiteLab.soon()))
        .isInstanceOfSatisfying(
            SiteException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
    assertThat(away.probe(SiteLab.SPOT, SiteLab.soon())).isInstanceOf(Probe.Unknown.class);
    assertThat(stranger.probe(SiteLab.SPOT, SiteLab.soon())).isNotInstanceOf(Probe.Good.class);
  }
}
