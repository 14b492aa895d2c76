package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How layers are published, changed, mended and withdrawn. */
@DisplayName("a GeoServer")
class SiteContractIT extends SiteTrial {
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

    Calls calls = calls();
    calls.put(
        "/rest/workspaces/sites/styles/parcels.sld",
        StyleFile.read("parcels", lab.style("x", "123456")).content());
    assertThat(site.applyWhole(lab.parcels("Land parcels", "aa0000"), SiteLab.soon()).writes())
        .isPositive();
    assertThat(lab.stub().style("sites", "parcels").orElse("")).contains("aa0000");
  }

  @Test
  @DisplayName(
      "feeds/S19: is read without a write: only what is ours and was changed looks changed")
  void prints() throws Exception {
    Wanted wanted = lab.parcels("Land parcels", "aa0000");
    Applied left = apply(wanted);
    Calls calls = calls();
    String path = "/rest/workspaces/sites/datastores/sites_ds/featuretypes/parcels.json";
    calls.put(
        path,
        Tree.content("featureType", Tree.node().put("name", "parcels").put("advertised", false)));
    lab.stub().journal().clear();
    assertThat(site.print(wanted, SiteLab.soon())).isEqualTo(new Site.Print(left.print(), true));
    assertThat(lab.stub().journal().calls("GET")).as("layer, styles, tiles").isLessThan(12);
    assertThat(lab.stub().journal().writes()).isZero();

    calls.put(
        path,
        Tree.content("featureType", Tree.node().put("name", "parcels").put("title", "Mine now")));
    changed(wanted, left);
    Applied _ = apply(wanted);
    assertThat(site.print(wanted, SiteLab.soon())).isEqualTo(new Site.Print(left.print(), true));

    calls.put(
        "/rest/workspaces/sites/styles/parcels.sld",
        StyleFile.read("parcels", lab.style("x", "123456")).content());
    changed(wanted, left);
    assertThat(apply(wanted).writes()).as("what was seen is mended").isPositive();
    assertThat(lab.stub().style("sites", "parcels").orElse("")).contains("aa0000");
    assertThat(site.print(wanted, SiteLab.soon())).isEqualTo(new Site.Print(left.print(), true));
  }

  private void changed(Wanted wanted, Applied left) throws Exception {
    lab.stub().journal().clear();
    Site.Print print = site.print(wanted, SiteLab.soon());
    assertThat(print.asWanted()).isFalse();
    assertThat(print.digest()).isNotEqualTo(left.print());
    assertThat(lab.stub().journal().writes()).isZero();
  }

  @Test
  @DisplayName("feeds/S19: a layer that somebody deleted, and left its data, is made again")
  void layerGone() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    boolean _ = calls().delete("/rest/layers/sites:parcels");
    assertThat(site.listing(SiteLab.soon()).layers()).isEmpty();
    Applied _ = site.applyWhole(lab.parcels("Land parcels", "aa0000"), SiteLab.soon());
    assertThat(site.probe(SiteLab.SPOT, SiteLab.soon())).isEqualTo(new Probe.Good());
  }

  @Test
  @DisplayName("keeps what we do not own")
  void foreignFields() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Calls calls = calls();
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
  @DisplayName("lets go of a style that the layer does not want any more")
  void styles() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    SortedMap<String, Path> one = new TreeMap<>(Map.of("builtin", lab.style("b", "aa0000")));
    Applied _ = apply(SiteLab.layer(SiteLab.PARCELS, SiteLab.face("Land parcels", one), one));
    assertThat(site.listing(SiteLab.soon()).styles()).containsExactly("sites:parcels");
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
  @DisplayName("keeps tiles as told, in the grid sets that it has, and empties them to the end")
  void tiles() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Calls calls = calls();
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
  @DisplayName("feeds/S11: keeps a style of a removed layer that another layer uses")
  void sharedStyles() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    lab.sql("CREATE OR REPLACE VIEW sites.sharing AS SELECT * FROM sites_data.parcels");
    Subject sharing = new Subject(Sort.LAYER, "sites", "sharing");
    SortedMap<String, Path> none = new TreeMap<>();
    Wanted wanted = SiteLab.layer(sharing, SiteLab.face("Sharing", none), none);
    Applied _ = apply(wanted);
    calls()
        .put(
            "/rest/layers/sites:sharing.json",
            Tree.content(
                "layer",
                Tree.wrapped(
                    "defaultStyle",
                    Tree.node().put("name", "parcels.outline").put("workspace", "sites"))));
    Applied _ = remove(new Gone.Layer(SiteLab.PARCELS, ""));
    assertThat(site.listing(SiteLab.soon()).styles()).containsExactly("sites:parcels.outline");
    assertThat(site.applyWhole(wanted, SiteLab.soon()).writes())
        .as("a style that somebody chose stays")
        .isZero();
  }
}
