package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.app.config.Configuration;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.placing.Announcement;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.stamps.Losses;
import io.cotidal.objects.stamps.Shelf;
import io.cotidal.objects.state.Overruled;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Signer;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What the daemon and gateways leave for each other at two real sites. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("the daemon and gateways before two sites")
final class GatewaysToldIT {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final MemberId EAST = new MemberId("east");
  private static final MemberId WEST = new MemberId("west");
  private static final String COLOUR = "X-Container-Meta-Colour";

  private final Shelf shelf = new Shelf(ObjectsSpec.STAMPS);
  private SitesLab lab;
  private StartedDaemon daemon;
  private SwiftUser east;
  private SwiftUser west;
  private Swift atEast;
  private Swift atWest;
  private ResourceApi api;

  @BeforeAll
  void open() throws Exception {
    lab = SitesLab.open(SwiftOptions.named("east"), SwiftOptions.named("west"));
    east = lab.site("east").user(SwiftLogin.TESTER);
    west = lab.site("west").user(SwiftLogin.TESTER);
    atEast = client(lab.site("east"));
    atWest = client(lab.site("west"));
    begin();
  }

  private void begin() throws Exception {
    daemon = new StartedDaemon(configuration());
    api = ResourceApi.of(lab.port, daemon.token(), "objects/media");
  }

  /** Nobody starts these gateways: what they would read and leave is at the sites. */
  private Configuration configuration() throws IOException {
    String gateway = "  gateway: {listen: \"127.0.0.1:0\", folder: \"%s\"}\n";
    List<String> places = lab.at("east", "west");
    return lab.configure(
        new SitesLab.Space(
            "media",
            "manage",
            SwiftLogin.TESTER,
            "",
            List.of(
                places.get(0) + gateway.formatted(lab.folder.resolve("gateway-east")),
                places.get(1)
                    + gateway.formatted(lab.folder.resolve("gateway-west"))
                    + "  role: backup\n")));
  }

  private static Swift client(SwiftSite site) {
    SwiftLogin login = SwiftLogin.RESELLER;
    Site place =
        new Site(
            new MemberId(site.name()),
            site.endpoint() + "/v1",
            site.name(),
            new Site.Identity.TempAuth(site.endpoint() + "/auth/v1.0", login.name(), login.key()),
            Site.Role.ACTIVE,
            Map.of(),
            Optional.empty());
    Realm realm = new Realm(SitesLab.REALM, new Secret(SitesLab.REALM_KEY), Optional.empty());
    return new Swift(
        place,
        new Signer(realm, () -> UUID.randomUUID().toString()),
        new Limits(4, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(30)),
        InstantSource.system());
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (atEast != null && atWest != null) {
      atEast.close();
      atWest.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static Deadline soonest() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static void soon(ThrowingRunnable holds) {
    await().atMost(LONG).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(holds);
  }

  /** What a gateway reads at its site. */
  private static Placing placing(Swift site) throws Exception {
    ContainerName container = new ContainerName(ObjectsSpec.STAMPS, Announcement.CONTAINER);
    try (Download download = site.objects().get(Reading.shown(container, "media"), soonest())) {
      return PlacingText.read(new String(download.body().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private void told(Swift site, boolean westServes) {
    soon(() -> {
      Placing placing = read(site);
      assertThat(placing.serves(EAST)).isTrue();
      assertThat(placing.serves(WEST)).as(api.story()).isEqualTo(westServes);
    });
  }

  /** It may not be there yet. */
  private static Placing read(Swift site) throws IOException {
    try {
      return placing(site);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  @Order(1)
  @DisplayName("each gateway finds at its own site where containers lie and who serves clients")
  void announced() {
    told(atEast, false);
    told(atWest, false);
    soon(() -> assertThat(read(atEast)).isEqualTo(read(atWest)));
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
  }

  @Test
  @Order(2)
  @DisplayName(
      "a site is promoted while the other is down; that one is told when it is back, and it holds")
  void promoted() throws Exception {
    lab.site("east").kill();
    Node done = api.act("promote", Map.of("site", "west"));
    assertThat(done.text("state")).as(done.toString()).isEqualTo("done");
    assertThat(placing(atWest).serves(WEST)).isTrue();
    lab.site("east").start();
    east.forget();
    told(atEast, true);
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("promoted"));
    assertThat(read(atEast)).isEqualTo(read(atWest));
    assertThat(api.view().at("diagnosis").text("sentence")).contains("write role: active");
    long generation = read(atEast).generation();
    daemon.close();
    begin();
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("promoted"));
    assertThat(read(atEast).generation()).isEqualTo(generation);
    soon(() ->
        assertThat(api.act("demote", Map.of("site", "west")).text("state")).isEqualTo("done"));
    assertThat(placing(atEast).serves(WEST)).isFalse();
    assertThat(placing(atWest).serves(WEST)).isFalse();
    assertThat(placing(atWest).generation()).isGreaterThan(generation);
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
  }

  private void stamp(Swift site, String container, Duration ago) throws Exception {
    Timestamp stamp = Timestamp.of(Instant.now().minus(ago));
    shelf.put(site, SwiftLogin.TESTER.storageAccount() + container, stamp, soonest());
  }

  @Test
  @Order(3)
  @DisplayName("objects/S9: two sites changed a container: the later of two gateways' stamps holds")
  void stamps() throws Exception {
    east.put("/box", RawHeader.of(COLOUR, "white"));
    soon(() -> assertThat(west.head("/box").header(COLOUR)).contains("white"));
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
    assertThat(api.say("pause")).isEqualTo(200);
    stamp(atEast, "/box", Duration.ofMinutes(5));
    stamp(atWest, "/box", Duration.ofSeconds(200));
    east.post("/box", RawHeader.of(COLOUR, "red"));
    west.post("/box", RawHeader.of(COLOUR, "green"));
    assertThat(api.say("resume")).isEqualTo(200);
    soon(() -> {
      assertThat(east.head("/box").header(COLOUR)).as(api.story()).contains("green");
      assertThat(west.head("/box").header(COLOUR)).contains("green");
    });
    assertThat(String.valueOf(api.ask("conflicts", Map.of()).value()))
        .contains("/box")
        .doesNotContain("/elsewhere");
    new Losses(ObjectsSpec.STAMPS)
        .leave(
            atWest,
            new ContainerName(SwiftLogin.TESTER.storageAccount(), "elsewhere"),
            List.of(
                new Overruled(
                    Overruled.Sort.STATE, WEST, EAST, Optional.empty(), Optional.empty())),
            new Losses.Moment(Instant.now(), soonest()));
    assertThat(String.valueOf(api.ask("conflicts", Map.of()).value()))
        .as("what a gateway overruled is told, too")
        .contains("/elsewhere", "the change at west holds, that at east does not");
  }

  @Test
  @Order(4)
  @DisplayName("a container that a gateway is at is left to it; its objects are not")
  void turn() throws Exception {
    east.put("/turn", RawHeader.of(COLOUR, "white"));
    soon(() -> assertThat(west.head("/turn").header(COLOUR)).contains("white"));
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
    // By a clock that is a little ahead: it stays young for as long as we look.
    stamp(atEast, "/turn", Duration.ofSeconds(-50));
    east.post("/turn", RawHeader.of(COLOUR, "red"));
    east.put("/turn/o", RawBody.of("object"));
    soon(() -> assertThat(west.get("/turn/o").text()).isEqualTo("object"));
    soon(() ->
        assertThat(String.valueOf(api.ask("containers", Map.of()).value()))
            .contains("/turn", "a gateway is at it"));
    assertThat(west.head("/turn").header(COLOUR)).as(api.story()).contains("white");
  }
}
