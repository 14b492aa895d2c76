package io.cotidal.feeds.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.geoserver.Applied;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.Wanted;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.geoserver.GeoServerStub;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a picture for the master")
@Timeout(60)
class PreviewsIT {
  private static final Subject PHOTO = new Subject(Sort.WMS_LAYER, "remote", "photo");

  @TempDir Path folder;
  private GeoServerStub stub;
  private Site site;
  private Previews previews;

  @BeforeEach
  void begin() throws Exception {
    stub = GeoServerStub.start(0);
    site =
        new Site(
            new FeedsSpec.GeoServer(
                new MemberId("one"),
                stub.url(),
                GeoServerStub.USER,
                new Secret(GeoServerStub.PASSWORD),
                Optional.empty(),
                "http://%s.example.org",
                Optional.empty()),
            Optional.empty());
    previews =
        new Previews("shore", site, folder.resolve("scratch"), (file, to, _) -> put(file, to));
    stub.fill("many", 1);
    String capabilities = stub.url() + "/wms?service=WMS&request=GetCapabilities&version=1.1.1";
    Subject store = new Subject(Sort.WMS_STORE, "remote", "far");
    Body.WmsStore body = new Body.WmsStore(capabilities, "", new Secret(""), 6, 60, 30);
    Applied _ = site.apply(new Wanted.WmsStore(store, body, false), soon());
    Applied _ = site.apply(new Wanted.WmsLayer(PHOTO, layer(true)), soon());
  }

  @AfterEach
  void end() {
    stub.close();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private void put(Path file, Blob to) {
    try {
      Path there = folder.resolve(to.host()).resolve(to.path().substring(1));
      Files.createDirectories(there.getParent());
      Files.copy(file, there);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Body.WmsLayer layer(boolean wanted) {
    Face face =
        new Face(
            "Photo",
            "",
            List.of(),
            "EPSG:4326",
            Optional.of(new Face.Box(113, -35, 128, -15)),
            true,
            new TreeMap<>(),
            "",
            Optional.empty(),
            "WMS");
    Optional<Blob> preview = Optional.of(new Blob("master", "/pictures/", ""));
    return new Body.WmsLayer(
        "far", "many:layer_0", Body.Access.EVERYBODY, wanted ? preview : Optional.empty(), face);
  }

  private static Thing thing(Subject subject, Body body) {
    return new Thing(
        subject,
        "geo",
        "geo/" + subject.key(),
        new Thing.Wish.Publish(body, "", "f", ""),
        Map.of(),
        new Thing.Origin("1", "1", ""));
  }

  @Test
  @DisplayName("feeds/S1: lies where its job says, below the replica's name")
  void sends() throws Exception {
    assertThat(previews.send(thing(PHOTO, layer(true)), soon()))
        .isEqualTo(new Previews.Sent("shore/geo/remote/photo.png", ""));
    Path there = folder.resolve("master/pictures/shore/geo/remote/photo.png");
    var picture = ImageIO.read(there.toFile());
    assertThat(picture.getWidth()).isLessThanOrEqualTo(480);
    assertThat(picture.getHeight()).isEqualTo(278);
    assertThat(folder.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  @DisplayName("is not made if nobody wants one, and if it cannot be made that is said")
  void fails() throws Exception {
    assertThat(previews.send(thing(PHOTO, layer(false)), soon())).isEqualTo(Previews.Sent.NONE);
    Subject nowhere = new Subject(Sort.WMS_LAYER, "remote", "nowhere");
    Previews.Sent sent = previews.send(thing(nowhere, layer(true)), soon());
    assertThat(sent.file()).isEmpty();
    assertThat(sent.trouble()).contains("no picture");
    stub.close();
    assertThat(previews.send(thing(PHOTO, layer(true)), soon()).trouble()).isNotEmpty();
    assertThat(folder.resolve("master")).doesNotExist();
  }
}
