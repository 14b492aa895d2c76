package io.cotidal.feeds.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.geoserver.Applied;
import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.Wanted;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Face;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.report.Reports;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.lab.geoserver.GeoServerStub;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
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

  @Test
  @DisplayName("is named by what the master is told, and what hinders it is told as well")
  void told() throws Exception {
    Publications publications = new Publications();
    publications.are(new TreeMap<>(Map.of(PHOTO, thing(PHOTO, layer(true)))), Set.of());
    Path queue = folder.resolve("queue");
    FeedsSpec spec = spec();
    Reports reports = new Reports(spec.status().orElseThrow(), queue);
    Teller.Ways ways = new Teller.Ways(reports, Optional.of(previews));
    Teller teller = new Teller(spec, ways, publications, InstantSource.system());
    Details _ = teller.act(turn(Acts.PUBLISHED));
    assertThat(waiting(queue)).contains("shore/geo/remote/photo.png");
    stub.close();
    Details _ = teller.act(turn(Acts.PUBLISHED));
    assertThat(waiting(queue)).contains("no preview: ").doesNotContain("photo.png");
    teller.close();
  }

  private static Act.Turn turn(String outcome) {
    Step step =
        Step.act(Acts.TELL, FeedsSpec.REPOSITORY, "tell")
            .with(Acts.KEY, PHOTO.key())
            .with(Acts.OUTCOME, outcome);
    return new Act.Turn(step, soon(), _ -> {});
  }

  private static String waiting(Path queue) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(queue)) {
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        text.append(Files.readString(each));
      }
    }
    return text.toString();
  }

  private FeedsSpec spec() {
    return new FeedsSpec(
        new ResourceId("feeds", "shore"),
        Mode.MANAGE,
        new FeedsSpec.Repository(
            FeedsSpec.Tool.GIT, folder.resolve("state"), "", "", Optional.empty()),
        new FeedsSpec.Choice(
            new TreeSet<>(List.of("geo")),
            Filter.ALL,
            Filter.ALL,
            Filter.ALL,
            FeedsSpec.Skips.NONE),
        new FeedsSpec.Transfer(
            folder.resolve("cache"),
            1L << 20,
            folder.resolve("key"),
            folder.resolve("hosts"),
            22,
            Duration.ofSeconds(5),
            Optional.empty(),
            false,
            ""),
        Optional.empty(),
        List.of(),
        Optional.of(
            new FeedsSpec.Status(
                "shore", "127.0.0.1", 1, "master", "public", "nobody", Optional.empty())),
        new FeedsSpec.Pace(
            Duration.ofSeconds(9), Duration.ofSeconds(5), Duration.ofSeconds(60), true, true));
  }
}
