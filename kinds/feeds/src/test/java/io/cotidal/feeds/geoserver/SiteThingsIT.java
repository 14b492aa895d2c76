package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Everything but layers of tables. */
@DisplayName("a GeoServer with other things")
class SiteThingsIT extends SiteTrial {
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
    Calls calls = calls();
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
    assertThat(site.print(wanted, SiteLab.soon())).isEqualTo(new Site.Print(first.print(), true));
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
                new Body.Rule("ops.a\\\\.b.R", "x, y"),
                new Body.Rule("ops.r", "ops"),
                new Body.Rule("ops.*.r", "ops")));
    assertThat(apply(new Wanted.Rules(subject, rules, Set.of())).writes()).isPositive();
    Applied left = apply(new Wanted.Rules(subject, rules, Set.of()));
    assertThat(left.writes()).isZero();
    assertThat(site.print(new Wanted.Rules(subject, rules, Set.of()), SiteLab.soon()))
        .isEqualTo(new Site.Print(left.print(), true));
    Body.Rules fewer = new Body.Rules(List.of(new Body.Rule("sites.*.r", "ROLE_X")));
    assertThat(
            apply(new Wanted.Rules(subject, fewer, Set.of("ops.*.r", "ops.a\\\\.b.R", "ops.r")))
                .writes())
        .isEqualTo(4);
    Calls calls = calls();
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
}
