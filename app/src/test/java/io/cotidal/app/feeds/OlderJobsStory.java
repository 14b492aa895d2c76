package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.lab.FeedMaster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Jobs as masters of other years wrote them. */
final class OlderJobsStory {
  private final FeedsLab lab;
  private final ReplicaDesk desk;

  OlderJobsStory(FeedsScene scene) {
    this.lab = scene.lab;
    this.desk = scene.desk;
  }

  /** A style that says its name. */
  static String style(String name) {
    return """
    <StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer>\
    <Name>%s</Name><UserStyle><FeatureTypeStyle><Rule><PolygonSymbolizer/></Rule>\
    </FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>
    """
        .formatted(name);
  }

  /** Jobs of each year, and two that are to be replaced. */
  private void first() throws Exception {
    Path style = lab.master.file("old.sld", style("old"));
    lab.master.table("old", "inline", 20, "inline");
    lab.master.write(
        "layers/old.inline.json",
        """
        {"workspace": "old", "name": "inline", "title": "Inline", "action": "publish", "auth_level": 0,
         "spatial_column": "wkb_geometry", "job_id": 1, "data": %s,
         "styles": {"builtin": %s}, "default_style": "builtin"}
        """
            .formatted(
                lab.master.pointer(lab.master.dump("old", "inline")), lab.master.pointer(style)));
    lab.master.table("old", "oldest", 21, "oldest");
    Path tar = tar("oldest");
    String host = lab.master.ssh().user() + "@127.0.0.1:";
    lab.master.write(
        "layers/old.oldest.json",
        """
        {"workspace": "old", "name": "oldest", "title": "Oldest", "schema": "old", "job_id": 2,
         "dump_path": "%1$s%2$s", "data_md5": "%3$s", "style_path": "%1$s%4$s", "style_md5": "%5$s"}
        """
            .formatted(host, tar, FeedMaster.md5(tar), style, FeedMaster.md5(style)));
    lab.publish("old", "gone", 22, "gone");
    lab.publish("old", "replaced", 23, "first");
  }

  /**
   * Before 2017-11-27 a removal named its metadata alone; they may be others by now, or gone. Those
   * of a publication were replaced behind its job's back.
   */
  private void second() throws Exception {
    Path removed = lab.master.file("old.gone.json", "{\"name\": \"gone\", \"workspace\": \"old\"}");
    String pointer = lab.master.pointer(removed);
    lab.master.file("old.gone.json", "{\"name\": \"another\", \"workspace\": \"old\"}");
    lab.master.write(
        "layers/old.gone.json",
        "{\"action\": \"remove\", \"job_id\": 3, \"meta\": " + pointer + "}");
    lab.publish("old", "replaced", 24, "second");
    Path metadata = newest("old.replaced.", ".meta.json");
    Files.writeString(metadata, Files.readString(metadata) + " ");
  }

  void tell() throws Exception {
    List<String> jobs =
        List.of("layer/old.inline", "layer/old.oldest", "layer/old.gone", "layer/old.replaced");
    desk.inForce(lab.commit("of other years", this::first), jobs);
    assertThat(lab.rows("old.inline")).isEqualTo("inline 20");
    assertThat(lab.rows("old.oldest")).isEqualTo("oldest 21");
    for (String name : List.of("inline", "oldest")) {
      assertThat(desk.wfs("old:" + name)).isEmpty();
      assertThat(lab.geoserver.style("old", name)).isPresent();
    }

    String head = lab.commit("removed; replaced", this::second);
    desk.fails("layer/old.replaced", "its MD5 is");
    desk.inForce(head, List.of("layer/old.gone", "layer/old.inline"));
    assertThat(lab.attempt("SELECT count(*) FROM old.gone")).isEqualTo("42P01");
    assertThat(lab.geoserver.style("old", "gone")).isEmpty();
    assertThat(lab.rows("old.replaced")).isEqualTo("first 23");
    head = lab.commit("published again", () -> lab.publish("old", "replaced", 25, "third"));
    desk.inForce(head, "layer/old.replaced");
    assertThat(lab.rows("old.replaced")).isEqualTo("third 25");
  }

  /** A dump as the oldest masters made them. */
  private Path tar(String name) throws Exception {
    Path made = Files.createTempFile("cotidal-feed", ".tar");
    Files.delete(made);
    lab.postgis.dump(
        "master", List.of("-F", "t", "-O", "-x", "-t", "\"old_data\".\"" + name + "\""), made);
    Path file = Files.move(made, lab.master.files().resolve(name + ".tar"));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private Path newest(String start, String end) throws Exception {
    try (Stream<Path> all = Files.list(lab.master.files())) {
      return all.filter(file -> file.getFileName().toString().startsWith(start))
          .filter(file -> file.getFileName().toString().endsWith(end))
          .max(
              Comparator.comparingInt(file ->
                  Integer.parseInt(
                      file.getFileName().toString().replace(start, "").replace(end, ""))))
          .orElseThrow();
    }
  }
}
