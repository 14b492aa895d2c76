package io.cotidal.objects.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.engine.Driver;
import io.cotidal.engine.State;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftRealm;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.Notice;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.objects.plan.Acts;
import io.cotidal.objects.spec.GatewayPlace;
import io.cotidal.objects.spec.GatewayPlace.At;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Agreed.Base;
import io.cotidal.objects.state.ContainerState;
import io.cotidal.objects.state.Imprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver over two real sites. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("the driver of a namespace")
final class DriverIT {
  private static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  private static final String ACCOUNT = SwiftLogin.TESTER.storageAccount();
  private static final int EAST = 0;
  private static final int WEST = 1;

  private ServerRegistry registry;
  private SwiftUser east;
  private SwiftUser west;
  private List<SwiftUser> elsewhere = List.of();
  private Driver<ObjectsFacts> driver;
  private List<Site> places = List.of();
  private long turn;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(folder.resolve("lab"));
    List<SwiftSite> sites =
        SwiftSite.start(registry, REALM, SwiftOptions.named("east"), SwiftOptions.named("west"));
    east = sites.get(0).user(SwiftLogin.TESTER);
    west = sites.get(1).user(SwiftLogin.TESTER);
    elsewhere = List.of(sites.get(0).user(SwiftLogin.OTHER), sites.get(1).user(SwiftLogin.OTHER));
    places = sites.stream().map(DriverIT::site).toList();
    driver =
        new ObjectsDriver(spec("media", ACCOUNT, folder.resolve("media")), InstantSource.system());
  }

  private ObjectsSpec spec(String name, String account, Path folder) {
    return spec(name, account, folder, Duration.ZERO);
  }

  private ObjectsSpec spec(String name, String account, Path folder, Duration scan) {
    return new ObjectsSpec(
        new ResourceId("objects", name),
        Mode.MANAGE,
        places,
        new Realm(REALM.name(), REALM.key(), Optional.empty()),
        List.of(account),
        Placement.EVERYWHERE,
        new ObjectsSpec.Pace(scan, 8, 0),
        ObjectsSpec.Care.USUAL,
        folder);
  }

  private static Site site(SwiftSite site) {
    SwiftLogin login = SwiftLogin.RESELLER;
    return new Site(
        new MemberId(site.name()),
        site.endpoint() + "/v1",
        site.name(),
        new Identity.TempAuth(site.endpoint() + "/auth/v1.0", login.name(), login.key()),
        Role.ACTIVE,
        Map.of(),
        Optional.empty());
  }

  @AfterAll
  void close() throws Exception {
    if (driver != null) {
      driver.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private ObjectsFacts seen(MemberId member) {
    Observation<ObjectsFacts> look = driver.observe(member, Duration.ofSeconds(30));
    assertThat(look).as(look.sentence()).isInstanceOf(Observation.Seen.class);
    return ((Observation.Seen<ObjectsFacts>) look).facts();
  }

  private ObjectsFacts.Namespace namespace() {
    return (ObjectsFacts.Namespace) seen(ObjectsSpec.NAMESPACE);
  }

  private Details act(String act, String container) {
    return act(driver, act, new ContainerName(ACCOUNT, container));
  }

  private Details act(Driver<ObjectsFacts> with, String act, ContainerName container) {
    Step step =
        Step.act(act, ObjectsSpec.NAMESPACE, "try")
            .with(Acts.ACCOUNT, container.account())
            .with(Acts.CONTAINER, container.container())
            .within(Duration.ofSeconds(60));
    Outcome outcome = with.act(step, new Stamp(1, ++turn), _ -> {});
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  private Details converged(String container) {
    Details evidence = act(Acts.CONVERGE, container);
    assertThat(evidence.get(Acts.OUTCOME, "")).as(evidence.toString()).isEqualTo(Acts.EQUAL);
    return evidence;
  }

  /** Waits for it: counts of a container, and an account that was just made, lag behind. */
  private void differs(String container, Predicate<Difference> as) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(namespace().differing().get(ACCOUNT + "/" + container))
                .isNotNull()
                .matches(as));
  }

  @Test
  @DisplayName("a look at a site tells its version, its policies and how its clock stands")
  void site() {
    ObjectsFacts.Site seen = (ObjectsFacts.Site) seen(new MemberId("east"));
    assertThat(seen.version()).isNotEmpty();
    assertThat(seen.policies()).isNotEmpty();
    assertThat(seen.surelyOff()).isZero();
    assertThat(seen.doubtMillis()).isLessThan(2_000);
  }

  @Test
  @DisplayName("a container comes to the other site with its metadata, its access list and objects")
  void comes() throws Exception {
    assertThat(
            east.put(
                    "/photos",
                    RawHeader.of("X-Container-Meta-Colour", "blue"),
                    RawHeader.of("X-Container-Read", ".r:*"))
                .status())
        .isEqualTo(201);
    for (int i = 0; i < 5; i++) {
      east.put(
          "/photos/p" + i, RawBody.of("picture " + i), RawHeader.of("X-Object-Meta-N", "" + i));
    }
    differs("photos", seen -> seen.state() && seen.copies() == 5);
    Details evidence = converged("photos");
    assertThat(evidence.get(Acts.COPIED, "")).isEqualTo("5");
    assertThat(west.get("/photos/p3").text()).isEqualTo("picture 3");
    assertThat(west.head("/photos/p3").header("X-Object-Meta-N")).contains("3");
    assertThat(west.head("/photos").header("X-Container-Meta-Colour")).contains("blue");
    assertThat(west.head("/photos").header("X-Container-Read")).contains(".r:*");
    ObjectsFacts.Namespace after = namespace();
    assertThat(after.differing()).doesNotContainKey(ACCOUNT + "/photos");
    assertThat(after.unread()).isEmpty();
    assertThat(after.round()).isPositive();
    assertThat(after.completedMicros()).isPositive();
  }

  @Test
  @DisplayName(
      "what is removed at one site is removed at the other: metadata, an object, all of it")
  void goes() throws Exception {
    east.put("/albums", RawHeader.of("X-Container-Meta-Colour", "red"));
    east.put("/albums/one", RawBody.of("1"));
    east.put("/albums/two", RawBody.of("2"));
    converged("albums");
    west.post("/albums", RawHeader.of("X-Remove-Container-Meta-Colour", "x"));
    west.delete("/albums/one");
    differs("albums", seen -> seen.state() && seen.deletions() == 1);
    converged("albums");
    assertThat(east.head("/albums").header("X-Container-Meta-Colour")).isEmpty();
    assertThat(east.names("/albums")).containsExactly("two");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> {
          west.delete("/albums/two");
          assertThat(west.delete("/albums").status()).isIn(204, 404);
        });
    differs("albums", Difference::state);
    converged("albums");
    assertThat(east.head("/albums").status()).isEqualTo(404);
    assertThat(namespace().differing()).doesNotContainKey(ACCOUNT + "/albums");
  }

  @Test
  @DisplayName("two sites that were the same from the beginning: a deletion at one is a deletion")
  void agreed() throws Exception {
    east.put("/twins");
    east.put("/twins/a", RawBody.of("a"));
    converged("twins");
    // Nothing was copied by the second one, which has to be known all the same.
    Details again = converged("twins");
    assertThat(again.get(Acts.COPIED, "")).isEqualTo("0");
    east.delete("/twins/a");
    converged("twins");
    assertThat(west.names("/twins")).isEmpty();
  }

  @Test
  @DisplayName(
      "whoever died before it made the first container of an account left nothing to mourn")
  void begun(@TempDir Path folder) throws Exception {
    ContainerName name = new ContainerName(SwiftLogin.OTHER.storageAccount(), "first");
    ObjectsSpec other = spec("other", name.account(), folder);
    elsewhere.getFirst().put("/first");
    Imprint empty = ContainerState.of(Map.of()).imprint(name);
    TreeMap<MemberId, Base> bases = new TreeMap<>();
    bases.put(new MemberId("east"), new Base.Held(empty, Optional.empty(), "", "", "", true));
    bases.put(new MemberId("west"), new Base.Held(empty, Optional.empty(), "", "", "", false));
    Agreements.open(Layout.state(other))
        .keep(name, Optional.of(new Agreed(new Agreed.Form.Live(empty), "", bases)));
    try (Driver<ObjectsFacts> next = new ObjectsDriver(other, InstantSource.system())) {
      assertThat(act(next, Acts.CONVERGE, name).get(Acts.OUTCOME, "")).isEqualTo(Acts.EQUAL);
    }
    assertThat(elsewhere.getLast().head("/first").status()).isEqualTo(204);
  }

  private static ObjectsFacts.Namespace namespace(Driver<ObjectsFacts> with) {
    Observation<ObjectsFacts> look = with.observe(ObjectsSpec.NAMESPACE, Duration.ofSeconds(30));
    assertThat(look).as(look.sentence()).isInstanceOf(Observation.Seen.class);
    return (ObjectsFacts.Namespace) ((Observation.Seen<ObjectsFacts>) look).facts();
  }

  @Test
  @DisplayName(
      "objects/S5: a container that is new at a site is seen long before the next comparison")
  void fresh(@TempDir Path folder) throws Exception {
    String account = SwiftLogin.OTHER.storageAccount();
    ContainerName name = new ContainerName(account, "fresh");
    ObjectsSpec seldom = spec("seldom", account, folder, Duration.ofDays(1));
    SwiftUser here = elsewhere.getLast();
    here.put("/before");
    try (Driver<ObjectsFacts> with = new ObjectsDriver(seldom, InstantSource.system())) {
      await().atMost(Duration.ofSeconds(60)).until(() -> namespace(with).round() == 1);
      here.put("/fresh");
      here.put("/fresh/o", RawBody.of("new"));
      fresh(with, name);
      equal(with, name);
      assertThat(elsewhere.getFirst().get("/fresh/o").text()).isEqualTo("new");

      // Once more under the same name, after it was deleted everywhere.
      for (SwiftUser each : elsewhere) {
        each.delete("/fresh/o");
        await().atMost(Duration.ofSeconds(30)).until(() -> each.delete("/fresh").status() == 404);
      }
      equal(with, name);
      here.put("/fresh");
      fresh(with, name);
      equal(with, name);
      assertThat(elsewhere.getFirst().head("/fresh").status()).isEqualTo(204);
    }
  }

  @Test
  @DisplayName("a site that did not answer a comparison is asked for new containers all the same")
  void freshAfterTrouble(@TempDir Path folder) throws Exception {
    ContainerName name = new ContainerName(ACCOUNT, "fresh-after-trouble");
    try (HttpFaults way = new HttpFaults(server(WEST));
        Driver<ObjectsFacts> with =
            new ObjectsDriver(
                through(way.port(), folder, Duration.ofDays(1)), InstantSource.system())) {
      way.plan((number, method, target) -> new HttpFault.Answered(503));
      await().atMost(Duration.ofSeconds(60)).until(() -> namespace(with).round() == 1);
      assertThat(namespace(with).unread()).contains(new MemberId("west"));
      way.plan(HttpFault.Plan.NONE);
      west.put("/fresh-after-trouble");
      fresh(with, name);
    }
  }

  @Test
  @DisplayName("what no site tells about is not the same everywhere")
  void nobodyTells(@TempDir Path folder) throws Exception {
    ContainerName name = new ContainerName(ACCOUNT, "untold");
    try (HttpFaults eastern = new HttpFaults(server(EAST));
        HttpFaults western = new HttpFaults(server(WEST))) {
      List<Site> sites =
          List.of(
              beyond(places.get(EAST), eastern.port(), folder),
              beyond(places.get(WEST), western.port(), folder));
      ObjectsSpec spec = over(sites, spec("untold", ACCOUNT, folder));
      try (Driver<ObjectsFacts> with = new ObjectsDriver(spec, InstantSource.system())) {
        east.put("/untold");
        assertThat(act(with, Acts.CONVERGE, name).get(Acts.OUTCOME, "")).isEqualTo(Acts.EQUAL);
        eastern.plan((number, method, target) -> new HttpFault.Answered(503));
        western.plan((number, method, target) -> new HttpFault.Answered(503));
        Details evidence = act(with, Acts.CONVERGE, name);
        assertThat(evidence.get(Acts.OUTCOME, "")).isEqualTo(Acts.LEFT);
        assertThat(evidence.get(Acts.WHY, "")).contains("east", "west", "503");
      }
    }
  }

  /** Listings lag on a busy machine. */
  private void equal(Driver<ObjectsFacts> with, ContainerName name) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> act(with, Acts.CONVERGE, name).get(Acts.OUTCOME, "").equals(Acts.EQUAL));
  }

  private static void fresh(Driver<ObjectsFacts> with, ContainerName name) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          ObjectsFacts.Namespace seen = namespace(with);
          assertThat(seen.round()).as("no comparison of everything").isEqualTo(1);
          assertThat(seen.differing())
              .as("not read: %s", seen.unread())
              .containsKey(name.toString());
        });
  }

  @Test
  @DisplayName("who takes over goes by what the one before has agreed on: nothing comes back")
  void takenOver(@TempDir Path folder) throws Exception {
    ObjectsSpec shared = spec("shared", ACCOUNT, folder);
    ContainerName name = new ContainerName(ACCOUNT, "shared");
    ContainerName gone = new ContainerName(ACCOUNT, "shared-and-gone");
    try (Driver<ObjectsFacts> leads = new ObjectsDriver(shared, InstantSource.system());
        Driver<ObjectsFacts> standsBy = new ObjectsDriver(shared, InstantSource.system())) {
      assertThat(standsBy.observe(ObjectsSpec.NAMESPACE, Duration.ofSeconds(30)))
          .isInstanceOf(Observation.Seen.class);
      east.put("/shared");
      east.put("/shared/o", RawBody.of("o"));
      east.put("/shared-and-gone");
      equal(leads, name);
      equal(leads, gone);
      assertThat(west.head("/shared-and-gone").status()).isEqualTo(204);
      assertThat(standsBy.observe(ObjectsSpec.NAMESPACE, Duration.ofSeconds(30)))
          .isInstanceOf(Observation.Seen.class);

      assertThat(east.delete("/shared-and-gone").status()).isEqualTo(204);
      east.delete("/shared/o");
      equal(standsBy, gone);
      equal(standsBy, name);
      assertThat(east.head("/shared-and-gone").status()).as("it came back").isEqualTo(404);
      assertThat(west.head("/shared-and-gone").status()).isEqualTo(404);
      assertThat(west.names("/shared")).isEmpty();

      // And the other way round: a later one of the same name is known to be a new one.
      west.put("/shared-and-gone");
      equal(leads, gone);
      assertThat(east.head("/shared-and-gone").status()).isEqualTo(204);
    }
  }

  @Test
  @DisplayName("a report names what differs, and is believed as long as nobody changes it")
  void proof() throws Exception {
    east.put("/proved");
    east.put("/proved/same", RawBody.of("same"));
    converged("proved");
    Details equal = act(Acts.PROVE, "proved");
    assertThat(equal.get(Acts.OUTCOME, "")).isEqualTo(Acts.EQUAL);
    west.put("/proved/late", RawBody.of("late"));
    Path report = Path.of(act(Acts.PROVE, "proved").need(Acts.REPORT));
    String text = Files.readString(report);
    assertThat(text).contains("\"late\"").contains("absent").doesNotContain("\"same\"");
    String key = Files.readString(report.resolveSibling(ProofKey.PUBLIC));
    assertThat(Proofs.verify(report, key)).isTrue();
    assertThat(Files.getPosixFilePermissions(report.resolveSibling(ProofKey.SECRET))).hasSize(2);
    Files.writeString(report, text.replace("absent", "present"));
    assertThat(Proofs.verify(report, key)).isFalse();
  }

  private static Notice notice(Driver<ObjectsFacts> with, String site) {
    Observation<ObjectsFacts> look = with.observe(new MemberId(site), Duration.ofSeconds(30));
    assertThat(look).as(look.sentence()).isInstanceOf(Observation.Seen.class);
    return ((ObjectsFacts.Site) ((Observation.Seen<ObjectsFacts>) look).facts()).notice();
  }

  private Details done(Driver<ObjectsFacts> with, Step step) {
    Outcome outcome = with.act(step, new Stamp(1, ++turn), _ -> {});
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  private void west(Driver<ObjectsFacts> with, String role) {
    done(
        with,
        Step.act(Acts.APPOINT, ObjectsSpec.NAMESPACE, "try")
            .with(Acts.SITE, "west")
            .with(Acts.ROLE, role));
  }

  private String announced(Driver<ObjectsFacts> with, String site) {
    Step step = Step.act(Acts.ANNOUNCE, new MemberId(site), "try").within(Duration.ofSeconds(30));
    return done(with, step).need(Acts.GENERATION);
  }

  @Test
  @DisplayName(
      "gateways are told the same at each site, with generations that rise, also without our"
          + " folder")
  void told(@TempDir Path folder) throws Exception {
    try (Driver<ObjectsFacts> one =
        new ObjectsDriver(spec("told", ACCOUNT, folder.resolve("one")), InstantSource.system())) {
      assertThat(notice(one, "east")).isEqualTo(new Notice.Unasked());
      west(one, "backup");
      assertThat(notice(one, "east")).isEqualTo(new Notice.Nothing());
      assertThat(announced(one, "east")).isEqualTo("1");
      assertThat(announced(one, "west")).isEqualTo("1");
      assertThat(announced(one, "west")).as("once more changes nothing").isEqualTo("1");
      assertThat(notice(one, "east")).isEqualTo(notice(one, "west"));
      west(one, "active");
      assertThat(announced(one, "east")).isEqualTo("2");
    }
    try (Driver<ObjectsFacts> again =
        new ObjectsDriver(spec("told", ACCOUNT, folder.resolve("one")), InstantSource.system())) {
      assertThat(notice(again, "west").generation()).isEqualTo(1);
      assertThat(announced(again, "west")).isEqualTo("2");
    }
    try (Driver<ObjectsFacts> lost =
        new ObjectsDriver(spec("told", ACCOUNT, folder.resolve("two")), InstantSource.system())) {
      west(lost, "backup");
      assertThat(announced(lost, "west")).isEqualTo("3");
      assertThat(announced(lost, "east")).isEqualTo("3");
      assertThat(notice(lost, "east")).isEqualTo(notice(lost, "west"));
      assertThat(Files.readString(folder.resolve("two").resolve("placing.json")))
          .contains("\"generation\" : 3", "backup");
    }
  }

  /** A site, which has a gateway, reached through {@code port}. */
  private static Site beyond(Site site, int port, Path folder) {
    At at = new At("127.0.0.1", port);
    return new Site(
        site.member(),
        "http://127.0.0.1:" + port + "/v1",
        site.realmName(),
        site.identity(),
        site.role(),
        site.policies(),
        site.authority(),
        Optional.of(new GatewayPlace(at, folder, at, Optional.empty())));
  }

  /** West reached through {@code port}. */
  private ObjectsSpec through(int port, Path folder, Duration scan) {
    return over(
        List.of(places.get(EAST), beyond(places.get(WEST), port, folder)),
        spec("through", ACCOUNT, folder, scan));
  }

  private static ObjectsSpec over(List<Site> sites, ObjectsSpec usual) {
    return new ObjectsSpec(
        usual.id(),
        usual.mode(),
        sites,
        usual.realm(),
        usual.accounts(),
        usual.placement(),
        usual.pace(),
        usual.care(),
        usual.folder());
  }

  @Test
  @DisplayName("a client's change that comes between look and act is not written over unheard")
  void between(@TempDir Path folder) throws Exception {
    String colour = "X-Container-Meta-Colour";
    ContainerName name = new ContainerName(ACCOUNT, "between");
    AtomicInteger asked = new AtomicInteger();
    try (HttpFaults way = new HttpFaults(server(WEST));
        Driver<ObjectsFacts> with =
            new ObjectsDriver(through(way.port(), folder, Duration.ZERO), InstantSource.system())) {
      east.put("/between", RawHeader.of(colour, "white"));
      assertThat(act(with, Acts.CONVERGE, name).get(Acts.OUTCOME, "")).isEqualTo(Acts.EQUAL);
      east.post("/between", RawHeader.of(colour, "red"));
      way.plan((number, method, target) -> {
        if (target.contains("cotidal-stamps") && asked.getAndIncrement() == 0) {
          west("/between", RawHeader.of(colour, "green"));
        }
        return new HttpFault.None();
      });
      act(with, Acts.CONVERGE, name);
      assertThat(asked.get()).isPositive();
      State<ObjectsFacts> nothing = State.empty(new Moment(1, 1), List.of());
      assertThat(with.read("conflicts", Details.NONE, nothing).lines())
          .anyMatch(line -> line.subject().equals(name.toString()));
      assertThat(west.head("/between").header(colour))
          .isEqualTo(east.head("/between").header(colour));
    }
  }

  private InetSocketAddress server(int place) {
    URI site = URI.create(places.get(place).url());
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), site.getPort());
  }

  private void west(String path, RawHeader header) {
    try {
      west.post(path, header);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
