package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.gateway.desk.Lodge;
import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.Keystone;
import io.cotidal.lab.swift.Keystone.Login;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** One namespace over two real sites, each with a real Keystone of its own. */
@Tag("slow")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("a namespace over two sites with Keystone")
final class KeystoneSitesIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Secret EAST = new Secret("password-of-the-service-in-east");
  private static final Secret WEST = new Secret("password-of-the-service-in-west");
  private static final Secret PASSWORD = new Secret("password-of-a-client");
  private static final Login ANN = new Login("ann", PASSWORD, "photos");
  private static final Login EVE = new Login("eve", PASSWORD, "films");
  private static final String SYNC = "X-Cotidal-Sync";

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private Keystone eastern;
  private Keystone western;
  private SitesLab lab;
  private StartedDaemon daemon;
  private ResourceApi api;
  private Lodge lodge;
  private Gateway gateway;
  private SwiftUser east;
  private SwiftUser west;

  /** As east, through the gateway. */
  private SwiftUser client;

  @BeforeAll
  void open() throws Exception {
    lines.start();
    ((Logger) LoggerFactory.getLogger("io.cotidal")).addAppender(lines);
    lab = SitesLab.open(SwiftSite.missing().or(Keystone::missing), this::sites);
    // Made after the two parted: the id is another one at the other site.
    for (Keystone each : List.of(eastern, western)) {
      each.project("later");
      each.grant("ann", "later", Keystone.OPERATOR);
    }
    east = eastern.client(lab.site("east").address(), ANN);
    west = western.client(lab.site("west").address(), ANN);
    daemon = new StartedDaemon(lab.configure(space("media", "photos"), space("other", "later")));
    api = api("media");
    lodge = lodge();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    gateway = Gateway.start(Settings.of(any, lab.site("east").address()), lodge.door());
    client = eastern.client(gateway(), ANN);
  }

  /** The second Keystone begins as a copy of the first one's database, as operators can do it. */
  private SwiftOptions[] sites(ServerRegistry registry) throws IOException {
    eastern = Keystone.start(registry, "east");
    eastern.user("cotidal", EAST);
    eastern.grant("cotidal", Keystone.SERVICE, Keystone.RESELLER);
    eastern.project(ANN.project());
    eastern.project(EVE.project());
    eastern.user(ANN.user(), PASSWORD);
    eastern.user(EVE.user(), PASSWORD);
    eastern.grant(ANN.user(), ANN.project(), Keystone.OPERATOR);
    eastern.grant(EVE.user(), EVE.project(), Keystone.OPERATOR);
    western = Keystone.like(eastern, registry, "west");
    western.password("cotidal", WEST);
    return new SwiftOptions[] {
      eastern.guard(SwiftOptions.named("east")), western.guard(SwiftOptions.named("west"))
    };
  }

  private ResourceApi api(String name) throws IOException {
    return ResourceApi.of(lab.port, daemon.token(), "objects/" + name);
  }

  private SitesLab.Space space(String name, String project) throws IOException {
    SwiftLogin owner = SwiftLogin.of(eastern.id("project", project), "nobody", "nothing");
    return new SitesLab.Space(
        name, "manage", owner, "", List.of(at("east", eastern, EAST), at("west", western, WEST)));
  }

  private String at(String name, Keystone keystone, Secret password) throws IOException {
    return """
    - name: %s
      url: "%s/v1"
      keystone:
        auth: "%s"
        user: cotidal
        project: %s
        password: {secret: "file:%s"}
    """
        .formatted(
            name,
            lab.site(name).endpoint(),
            keystone.url(),
            Keystone.SERVICE,
            lab.secret("keystone-" + name, password.reveal()));
  }

  private Lodge lodge() throws Exception {
    Lodge.Settings settings =
        new Lodge.Settings(
            new MemberId("east"),
            List.of(place("east", eastern, EAST), place("west", western, WEST)),
            new Realm(SitesLab.REALM, lab.site("east").realm().key(), Optional.empty()),
            "AUTH_cotidal",
            Files.createDirectories(lab.folder.resolve("gateway")),
            lab.folder.resolve("placing.json"));
    return Lodge.open(settings, Lodge.Manners.USUAL, InstantSource.system());
  }

  private Site place(String name, Keystone keystone, Secret password) {
    return new Site(
        new MemberId(name),
        lab.site(name).endpoint() + "/v1",
        name,
        new Identity.Keystone(
            keystone.url().toString(), "cotidal", "Default", Keystone.SERVICE, "Default", password),
        Role.ACTIVE,
        Map.of(),
        Optional.empty());
  }

  private InetSocketAddress gateway() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port());
  }

  @AfterAll
  void close() throws Exception {
    ((Logger) LoggerFactory.getLogger("io.cotidal")).detachAppender(lines);
    if (gateway != null) {
      gateway.close();
    }
    if (lodge != null) {
      lodge.close();
    }
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private static void soon(ThrowingRunnable holds) {
    await().atMost(LONG).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(holds);
  }

  private void equal() {
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
  }

  @Test
  @Order(1)
  @DisplayName("objects/S1, objects/S5: what a client writes at one is at the other, for its owner")
  void mirrored() throws Exception {
    assertThat(east.put("/photos", RawHeader.of("X-Container-Meta-Colour", "blue")).status())
        .isEqualTo(201);
    for (int i = 0; i < 5; i++) {
      assertThat(east.put("/photos/p" + i, RawBody.of("picture " + i)).status()).isEqualTo(201);
    }
    soon(() -> {
      assertThat(west.head("/photos").header("X-Container-Meta-Colour")).contains("blue");
      assertThat(west.names("/photos")).hasSize(5);
      assertThat(west.get("/photos/p4").text()).isEqualTo("picture 4");
    });
    equal();
    assertThat(west.delete("/photos/p0").status()).isEqualTo(204);
    soon(() -> assertThat(east.names("/photos")).containsExactly("p1", "p2", "p3", "p4"));
    equal();
  }

  @Test
  @Order(3)
  @DisplayName(
      "a password that was changed is told with its place and remedy; put right, all goes on")
  void changed() throws Exception {
    western.password("cotidal", new Secret("another-one"));
    soon(() ->
        assertThat(api.story())
            .contains(
                "site west: no token from " + western.url() + ": 401",
                "correct user, password, project"));
    east.put("/meanwhile", RawHeader.of("X-Container-Meta-N", "1"));
    western.password("cotidal", WEST);
    soon(() -> assertThat(west.head("/meanwhile").header("X-Container-Meta-N")).contains("1"));
    equal();
  }

  @Test
  @Order(4)
  @DisplayName(
      "objects/S1: what a client makes through a gateway with its token is at the other site")
  void carried() throws Exception {
    RawAnswer made = client.put("/gate", RawHeader.of("X-Container-Meta-Colour", "red"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header(SYNC)).contains("pending");
    soon(() -> {
      assertThat(west.head("/gate").header("X-Container-Meta-Colour")).contains("red");
      assertThat(lodge.waiting()).isEmpty();
    });
    assertThat(client.put("/gate/o", RawBody.of("o")).status()).isEqualTo(201);
    assertThat(client.get("/gate/o").text()).isEqualTo("o");
    soon(() -> assertThat(west.get("/gate/o").text()).isEqualTo("o"));
  }

  @Test
  @Order(5)
  @DisplayName("objects/S7: a token is good at its own site only, at its gateway too")
  void ownSite() throws Exception {
    SwiftUser stranger = new SwiftUser(gateway(), account(), _ -> western.authenticate(ANN));
    assertThat(stranger.put("/stranger").status()).isEqualTo(401);
    assertThat(stranger.post("/gate", RawHeader.of("X-Container-Read", ".r:*")).status())
        .isEqualTo(401);
    assertThat(stranger.delete("/gate").status()).isEqualTo(401);
    assertThat(stranger.get("/gate/o").status()).isEqualTo(401);
    nothing("/stranger");
    assertThat(west.head("/gate").header("X-Container-Read")).isEmpty();
  }

  @Test
  @Order(6)
  @DisplayName("objects/S7: nobody becomes somebody else by what headers say")
  void forged() throws Exception {
    SwiftUser eve = new SwiftUser(gateway(), account(), _ -> eastern.authenticate(EVE));
    String project = eastern.id("project", ANN.project());
    String user = eastern.id("user", ANN.user());
    for (String mark : List.of("-", "_")) {
      List<RawHeader> forged =
          List.of(
                  RawHeader.of("X-Identity-Status", "Confirmed"),
                  RawHeader.of("X-Service-Identity-Status", "Confirmed"),
                  RawHeader.of("X-Roles", "ResellerAdmin,admin,swiftoperator"),
                  RawHeader.of("X-Role", "ResellerAdmin"),
                  RawHeader.of("X-Service-Roles", "ResellerAdmin"),
                  RawHeader.of("X-Project-Id", project),
                  RawHeader.of("X-Tenant-Id", project),
                  RawHeader.of("X-User-Id", user),
                  RawHeader.of("X-Service-Project-Id", project))
              .stream()
              .map(each -> RawHeader.of(each.name().replace("-", mark), each.value()))
              .toList();
      RawRequest bare =
          RawRequest.of("PUT", eve.target("/forged")).with(forged).with(RawBody.of(""));
      assertThat(eve.ask(bare).status()).isEqualTo(401);
      assertThat(eve.put("/forged", forged.toArray(RawHeader[]::new)).status()).isEqualTo(403);
    }
    // A token of a service adds nothing to one of a client.
    RawHeader service = RawHeader.of("X-Service-Token", client.token());
    assertThat(eve.put("/forged", service).status()).isIn(401, 403);
    assertThat(eve.get("/gate/o", service).status()).isIn(401, 403);
    nothing("/forged");
  }

  private void nothing(String container) throws Exception {
    assertThat(lodge.waiting()).isEmpty();
    assertThat(east.head(container).status()).isEqualTo(404);
    assertThat(west.head(container).status()).isEqualTo(404);
  }

  private String account() throws IOException {
    return eastern.account(ANN.project());
  }

  @Test
  @Order(7)
  @DisplayName(
      "objects/S8: an access list by ids means the same at both sites, and who has it changes nothing else")
  void lists() throws Exception {
    String grantee = eastern.id("project", EVE.project()) + ":" + eastern.id("user", EVE.user());
    assertThat(grantee)
        .isEqualTo(western.id("project", EVE.project()) + ":" + western.id("user", EVE.user()));
    assertThat(client.put("/shared", RawHeader.of("X-Container-Write", grantee)).status())
        .isEqualTo(201);
    SwiftUser eve = new SwiftUser(gateway(), account(), _ -> eastern.authenticate(EVE));
    SwiftUser far =
        new SwiftUser(lab.site("west").address(), account(), _ -> western.authenticate(EVE));
    soon(() -> assertThat(far.put("/shared/far", RawBody.of("far")).status()).isEqualTo(201));
    assertThat(eve.put("/shared/near", RawBody.of("near")).status()).isEqualTo(201);
    assertThat(eve.post("/shared", RawHeader.of("X-Container-Read", ".r:*")).status())
        .isEqualTo(403);
    soon(() -> {
      assertThat(east.get("/shared/far").text()).isEqualTo("far");
      assertThat(west.get("/shared/near").text()).isEqualTo("near");
    });
    assertThat(west.head("/shared").header("X-Container-Read")).isEmpty();
    assertThat(west.head("/shared").header("X-Container-Write")).contains(grantee);
  }

  @Test
  @Order(8)
  @DisplayName(
      "a project that has another id at the other site has its copy there, and cannot reach it")
  void otherIds() throws Exception {
    Login later = new Login(ANN.user(), PASSWORD, "later");
    assertThat(eastern.account("later")).isNotEqualTo(western.account("later"));
    SwiftUser mine = eastern.client(lab.site("east").address(), later);
    assertThat(mine.put("/apart").status()).isEqualTo(201);
    assertThat(mine.put("/apart/o", RawBody.of("o")).status()).isEqualTo(201);
    ResourceApi other = api("other");
    soon(() -> assertThat(other.code()).as(other.story()).isEqualTo("equal"));
    SwiftUser theirs =
        new SwiftUser(
            lab.site("west").address(), eastern.account("later"), _ -> western.authenticate(later));
    assertThat(theirs.get("/apart/o").status()).isEqualTo(403);
    SwiftUser service =
        new SwiftUser(
            lab.site("west").address(),
            eastern.account("later"),
            _ -> western.authenticate(new Login("cotidal", WEST, Keystone.SERVICE)));
    soon(() -> assertThat(service.get("/apart/o").text()).isEqualTo("o"));
  }

  @Test
  @Order(9)
  @DisplayName("objects/S22: no password and no token is in the log or in an answer")
  void secrets() throws Exception {
    String said =
        IntStream.range(0, lines.list.size())
                .mapToObj(i -> lines.list.get(i).getFormattedMessage())
                .collect(Collectors.joining("\n"))
            + api.story()
            + api.ask("containers", Map.of()).value();
    assertThat(said)
        .doesNotContain(EAST.reveal(), WEST.reveal(), PASSWORD.reveal(), "another-one", "gAAAA")
        .doesNotContain(client.token(), SitesLab.REALM_KEY);
  }
}
