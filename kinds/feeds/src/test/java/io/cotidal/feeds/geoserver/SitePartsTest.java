package io.cotidal.feeds.geoserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to a GeoServer, and how it is compared, without one. */
@DisplayName("what a GeoServer is told")
@Timeout(10)
class SitePartsTest {
  private static Optional<Mark> read(String text) {
    return Mark.of(
        Tree.wrapped("metadata", Tree.entries(Tree.node(), List.of(Tree.entry(Mark.KEY, text)))));
  }

  @Test
  @DisplayName("bears a mark that can be read again, whatever its styles are called")
  void mark() {
    Mark mark =
        new Mark("w", "a", "f", new TreeMap<>(Map.of("a b=c/d%", new Mark.Style("1", "2"))));
    assertThat(read(mark.text())).contains(mark);
    assertThat(read("")).isEmpty();
    assertThat(read("2 w a f")).isEmpty();
    assertThat(read("1 w a f x")).isEmpty();
    assertThat(read("1 w a f %zz=1/2")).isEmpty();
  }

  @Test
  @DisplayName("is compared in our fields only, in whatever form lists come")
  void owned() throws Exception {
    var asked = Tree.read("{\"title\":\"T\",\"keywords\":{\"string\":[\"a\"]}}", "");
    var found =
        Tree.read("{\"title\":\"T\",\"keywords\":{\"string\":\"a\"},\"maxFeatures\":3}", "");
    assertThat(Owned.like(asked, found)).isEqualTo(Owned.like(asked, asked));
    var other = Tree.read("{\"title\":\"T\",\"keywords\":\"\"}", "");
    assertThat(Owned.like(asked, other)).isNotEqualTo(Owned.like(asked, asked));
  }

  @Test
  @DisplayName("stands in the usual system if the database's is made up")
  void crs() {
    assertThat(crs("", "EPSG:900914")).isEqualTo("EPSG:4326");
    assertThat(crs("", "EPSG:900913")).isEqualTo("EPSG:900913");
    assertThat(crs("", "EPSG:28350")).isEqualTo("EPSG:28350");
    assertThat(crs("EPSG:4283", "EPSG:28350")).isEqualTo("EPSG:4283");
    assertThat(crs("", "")).isEmpty();
  }

  private static String crs(String said, String found) {
    var face = SiteLab.face("t", new TreeMap<>());
    var with =
        new Face(
            "t",
            "",
            List.of(),
            said,
            Optional.empty(),
            false,
            face.styles(),
            "",
            Optional.empty(),
            "");
    var layer = SiteLab.layer(SiteLab.PARCELS, with, new TreeMap<>());
    return Tree.text(
        Shape.of(
                new Wanted.Layer(
                    layer.subject(),
                    layer.body(),
                    new Wanted.Table("sites", "parcels", found),
                    new TreeMap<>()))
            .document(),
        "srs");
  }

  @Test
  @DisplayName("names every part of a path by itself")
  void paths() {
    assertThat(Rest.path("layers", "a/b c:ä?.json"))
        .isEqualTo("/rest/layers/a%2Fb%20c:%C3%A4%3F.json");
  }

  @Test
  @DisplayName("says in one line without secrets and tags what it was answered")
  void lines() {
    Rest rest =
        Rest.to(SiteLab.server("http://127.0.0.1:1", "u", "hidden-one")).hiding(new Secret("two"));
    assertThat(rest.line("<html><style>x {}</style><b>hidden-one</b>\n and two\u0000</html>"))
        .isEqualTo("*** and ***");
  }

  @Test
  @DisplayName("warns of a data folder that is none, and needs none")
  void data(@TempDir Path folder) throws Exception {
    assertThat(warning(Optional.empty())).isEmpty();
    assertThat(warning(Optional.of(folder)).orElse("")).contains("no global.xml");
    assertThat(warning(Optional.of(folder.resolve("none"))).orElse("")).contains("no folder");
    Files.writeString(folder.resolve("global.xml"), "<global/>");
    assertThat(warning(Optional.of(folder))).isEmpty();
  }

  private static Optional<String> warning(Optional<Path> data) {
    var server = SiteLab.server("http://127.0.0.1:1", "u", "p");
    return Site.dataWarning(
        new FeedsSpec.GeoServer(
            server.name(),
            server.url(),
            server.user(),
            server.password(),
            data,
            server.namespace(),
            server.databaseHost()));
  }

  @Test
  @DisplayName("names a rule's resource as GeoServer does")
  void rules() {
    assertThat(AccessRules.key("sites.*.R")).isEqualTo("sites.*.r");
    assertThat(AccessRules.key("sites.a\\\\.b.w")).isEqualTo("sites.a\\.b.w");
    assertThat(AccessRules.key("sites.a\\.b.w")).isEqualTo("sites.a\\.b.w");
    assertThat(AccessRules.key("mode")).isEqualTo("mode");
  }
}
