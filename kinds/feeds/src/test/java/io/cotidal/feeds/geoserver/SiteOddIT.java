package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pictures, odd names, and servers that are none. */
@DisplayName("a GeoServer at the edges")
class SiteOddIT extends SiteTrial {
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
    Calls calls = calls();
    var found = calls.get("/rest/workspaces/sites/featuretypes/parcels.json").orElseThrow();
    assertThat(found.path("featureType").path("title").asString()).isEqualTo(title);
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
  @DisplayName("gives a picture of a layer within the size that was asked for")
  void preview() throws Exception {
    Applied _ = apply(lab.parcels("Land parcels", "aa0000"));
    Optional<Face.Box> box = Optional.of(new Face.Box(113, -35, 128, -15));
    byte[] png = site.preview(SiteLab.SPOT, box, 480, 278, SiteLab.soon());
    var picture = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(picture.getWidth()).isLessThanOrEqualTo(480);
    assertThat(picture.getHeight()).isEqualTo(278);
    byte[] whole = site.preview(SiteLab.SPOT, Optional.empty(), 480, 278, SiteLab.soon());
    assertThat(ImageIO.read(new ByteArrayInputStream(whole)).getWidth()).isLessThanOrEqualTo(480);
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
