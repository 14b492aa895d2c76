package io.cotidal.objects.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.engine.Driver;
import io.cotidal.lab.ServerRegistry;
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
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Leaving;
import io.cotidal.objects.plan.Acts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Realm;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.spec.Site.Identity;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.remote.Durable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Three real sites, and rules that change there and back. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("a site that rules leave gives its copy up")
final class WithdrawIT {
  private static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  private static final String ACCOUNT = SwiftLogin.TESTER.storageAccount();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ServerRegistry registry;
  private List<SwiftSite> sites = List.of();
  private List<SwiftUser> users = List.of();
  private Path folder = Path.of("");
  private Driver<ObjectsFacts> driver;
  private long turn;

  @BeforeAll
  void open(@TempDir Path place) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    folder = place;
    registry = ServerRegistry.open(place.resolve("lab"));
    sites =
        SwiftSite.start(
            registry,
            REALM,
            SwiftOptions.named("a"),
            SwiftOptions.named("b"),
            SwiftOptions.named("c"));
    users = sites.stream().map(site -> site.user(SwiftLogin.TESTER)).toList();
  }

  @AfterAll
  void close() throws Exception {
    stop();
    if (registry != null) {
      registry.close();
    }
  }

  private void stop() throws Exception {
    if (driver != null) {
      driver.close();
    }
    driver = null;
  }

  /** A daemon that begins with these rules. */
  private void rules(String... placed) throws Exception {
    stop();
    List<MemberId> where = List.of(placed).stream().map(MemberId::new).toList();
    Placement.Rule rule =
        new Placement.Rule(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), where);
    driver =
        new ObjectsDriver(
            new ObjectsSpec(
                new ResourceId("objects", "media"),
                Mode.MANAGE,
                sites.stream().map(WithdrawIT::site).toList(),
                new Realm(REALM.name(), REALM.key(), Optional.empty()),
                List.of(ACCOUNT),
                new Placement(List.of(rule)),
                new ObjectsSpec.Pace(Duration.ZERO, 8, 0),
                ObjectsSpec.Care.USUAL,
                folder.resolve("media")),
            InstantSource.system());
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

  private Details converged(String container) {
    Details evidence = act(Acts.CONVERGE, container, 0, _ -> {});
    assertThat(evidence.get(Acts.OUTCOME, "")).as(evidence.toString()).isEqualTo(Acts.EQUAL);
    return evidence;
  }

  private Details act(String act, String container, long objects, Consumer<Progress> progress) {
    Outcome outcome = driver.act(step(act, container, objects), new Stamp(1, ++turn), progress);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  private static Step step(String act, String container, long objects) {
    return Step.act(act, ObjectsSpec.NAMESPACE, "try")
        .with(Acts.ACCOUNT, ACCOUNT)
        .with(Acts.CONTAINER, container)
        .with(Acts.LEAVING, "a")
        .with(Acts.OBJECTS, objects)
        .within(PATIENCE);
  }

  /** What the comparison says of a container that leaves; it waits for counts, which lag. */
  private Leaving leaving(String container) {
    List<Leaving> seen = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          Observation<ObjectsFacts> look =
              driver.observe(ObjectsSpec.NAMESPACE, Duration.ofSeconds(30));
          assertThat(look).as(look.sentence()).isInstanceOf(Observation.Seen.class);
          var facts = ((Observation.Seen<ObjectsFacts>) look).facts();
          Leaving one = ((ObjectsFacts.Namespace) facts).leaving().get(ACCOUNT + "/" + container);
          assertThat(one).isNotNull();
          seen.add(one);
        });
    return seen.getLast();
  }

  private SwiftUser a() {
    return users.get(0);
  }

  private List<String> names(int site, String container) throws Exception {
    return users.get(site).names("/" + container);
  }

  private void texts(String path, String text, int... at) throws Exception {
    for (int site : at) {
      assertThat(users.get(site).get(path).text()).as(path + " at " + site).isEqualTo(text);
    }
  }

  @Test
  @DisplayName("objects/S18: a site that is left is emptied, whatever clients do there meanwhile")
  void leaves() throws Exception {
    rules("a", "b");
    a().put("/photos");
    a().put("/photos_segments");
    for (int i = 0; i < 20; i++) {
      a().put("/photos/p" + i, RawBody.of("picture " + i), RawHeader.of("X-Object-Meta-N", "" + i));
    }
    a().put("/photos_segments/1", RawBody.of("first "));
    a().put("/photos_segments/2", RawBody.of("second"));
    String parts = "[{\"path\":\"/photos_segments/1\"},{\"path\":\"/photos_segments/2\"}]";
    assertThat(a().put("/photos/big?multipart-manifest=put", RawBody.of(parts)).status())
        .isEqualTo(201);
    converged("photos_segments");
    converged("photos");
    assertThat(names(1, "photos")).hasSize(21);

    rules("b", "c");
    converged("photos_segments");
    converged("photos");
    Leaving seen = leaving("photos");
    assertThat(seen.site()).hasToString("a");
    assertThat(seen.objects()).isEqualTo(21);
    assertThat(seen.stays()).isEmpty();
    assertThat(leaving("photos_segments").stays()).contains("AUTH_test/photos lie here");
    assertThat(act(Acts.WITHDRAW, "photos_segments", 2, _ -> {}).get(Acts.WHY, ""))
        .contains("AUTH_test/photos lie here");
    assertThat(act(Acts.WITHDRAW, "photos", 20, _ -> {}).get(Acts.WHY, ""))
        .contains("more objects are there than the 20 that were approved of");
    assertThat(names(0, "photos")).hasSize(21);

    a().put("/photos/p0", RawBody.of("later"));
    a().delete("/photos/p1");
    Details first =
        act(Acts.WITHDRAW, "photos", 21, _ -> put("/photos/new", "written in the middle"));
    assertThat(first.get(Acts.WHY, "")).contains("'p0'", "'p1'");
    assertThat(first.get(Acts.DELETED, "")).isEqualTo("19");
    assertThat(names(1, "photos")).as("nothing is decided by it").contains("p0", "p1").hasSize(21);
    until(() -> {
      converged("photos");
      texts("/photos/p0", "later", 1, 2);
      texts("/photos/new", "written in the middle", 1, 2);
      assertThat(names(1, "photos")).doesNotContain("p1").hasSize(21);
      assertThat(names(2, "photos")).isEqualTo(names(1, "photos"));
    });

    withdrawn("photos", 21);
    assertThat(a().head("/photos").status()).isEqualTo(404);
    assertThat(leaving("photos_segments").stays()).isEmpty();
    withdrawn("photos_segments", 2);
    assertThat(a().head("/photos_segments").status()).isEqualTo(404);
    converged("photos");
    texts("/photos/big", "first second", 1, 2);

    rules("a", "b", "c");
    converged("photos_segments");
    until(() -> {
      converged("photos");
      assertThat(names(0, "photos")).hasSize(21).isEqualTo(names(1, "photos"));
      assertThat(names(2, "photos")).isEqualTo(names(1, "photos"));
    });
    texts("/photos/big", "first second", 0, 1, 2);
    texts("/photos/p7", "picture 7", 0, 1, 2);
    assertThat(a().head("/photos/p7").header("X-Object-Meta-N")).contains("7");
    a().delete("/photos/p7");
    until(() -> {
      converged("photos");
      assertThat(names(2, "photos")).as("it is a site like the others").doesNotContain("p7");
    });
  }

  /** Listings lag on a busy machine. */
  private static void until(org.awaitility.core.ThrowingRunnable holds) {
    await().atMost(PATIENCE).untilAsserted(holds);
  }

  private void withdrawn(String container, long objects) {
    until(() -> {
      Details evidence = act(Acts.WITHDRAW, container, objects, _ -> {});
      assertThat(evidence.get(Acts.OUTCOME, "")).as(evidence.toString()).isEqualTo(Acts.EQUAL);
    });
  }

  private void put(String path, String text) {
    try {
      assertThat(a().put(path, RawBody.of(text)).status()).isEqualTo(201);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Name, version, hash and latest of each row. */
  private List<String> versions(int site) throws Exception {
    List<String> all = new ArrayList<>();
    String text = users.get(site).get("/kept?versions&format=json").text();
    JsonMapper.shared()
        .readTree(text)
        .forEach(row ->
            all.add(
                "%s %s %s %s"
                    .formatted(
                        row.path("name").asString(""),
                        row.path("version_id").asString(""),
                        row.path("hash").asString(""),
                        row.path("is_latest").asBoolean(false))));
    return all;
  }

  /** As the documentation says: its copy at the first site is deleted, then it is forgotten. */
  private void byHand() throws Exception {
    for (String row : versions(0)) {
      String[] words = row.split(" ", -1);
      assertThat(a().delete("/kept/" + words[0] + "?version-id=" + words[1]).status())
          .isEqualTo(204);
    }
    until(() -> assertThat(a().delete("/kept").status()).isIn(204, 404));
    Path state = folder.resolve("media").resolve("state");
    try (var files = Files.list(state)) {
      for (Path file : files.toList()) {
        if (Files.readString(file).contains("\"kept\"")) {
          String digest = file.getFileName().toString().replace(".json", "");
          Path book = folder.resolve("media").resolve("books").resolve(digest);
          Durable.empty(book);
          Durable.delete(book);
          Durable.delete(file);
        }
      }
    }
  }

  @Test
  @DisplayName(
      "objects/S17, objects/S18: one that keeps versions is not given up; by hand it goes, and no"
          + " version with it")
  void versions() throws Exception {
    rules("a", "b");
    a().put("/kept", RawHeader.of("X-Versions-Enabled", "true"));
    a().put("/kept/o", RawBody.of("first"));
    a().put("/kept/o", RawBody.of("second"));
    a().put("/kept/p", RawBody.of("alone"));
    until(() -> converged("kept"));
    rules("b", "c");
    until(() -> {
      converged("kept");
      assertThat(versions(2)).hasSize(3).isEqualTo(versions(0));
    });
    List<String> all = versions(1);
    assertThat(leaving("kept").stays()).contains("it keeps versions");
    assertThat(act(Acts.WITHDRAW, "kept", 9, _ -> {}).get(Acts.WHY, ""))
        .contains("it keeps versions");
    assertThat(versions(0)).isEqualTo(all);

    stop();
    byHand();
    rules("b", "c");
    until(() -> converged("kept"));
    assertThat(a().head("/kept").status()).isEqualTo(404);
    assertThat(versions(1)).isEqualTo(all);
    assertThat(versions(2)).isEqualTo(all);
    texts("/kept/o", "second", 1, 2);

    // The site remembers that it has deleted these versions, and what it refuses is no deletion.
    rules("a", "b", "c");
    for (int i = 0; i < 2; i++) {
      act(Acts.CONVERGE, "kept", 0, _ -> {});
      assertThat(versions(1)).isEqualTo(all);
      assertThat(versions(2)).isEqualTo(all);
    }
    assertThat(a().get("/kept/o?version-id=" + all.getFirst().split(" ")[1]).status())
        .isEqualTo(404);
  }

  @Test
  @DisplayName("objects/S18: rules come back while a site is half emptied, and nobody died of it")
  void half() throws Exception {
    rules("a", "b");
    a().put("/films");
    for (int i = 0; i < 30; i++) {
      a().put("/films/f" + i, RawBody.of("film " + i));
    }
    converged("films");
    rules("b", "c");
    converged("films");
    assertThat(leaving("films").objects()).isEqualTo(30);
    Step step = step(Acts.WITHDRAW, "films", 30);
    Stamp stamp = new Stamp(1, ++turn);
    Thread act = Thread.ofVirtual().start(() -> driver.act(step, stamp, _ -> {}));
    await().atMost(PATIENCE).until(() -> !act.isAlive() || names(0, "films").size() < 25);
    act.interrupt();
    act.join(PATIENCE);
    rules("a", "b", "c");
    assertThat(act(Acts.WITHDRAW, "films", 30, _ -> {}).get(Acts.WHY, ""))
        .contains("the rules name a");
    until(() -> {
      converged("films");
      for (int i = 0; i < 30; i++) {
        texts("/films/f" + i, "film " + i, 0, 1, 2);
      }
    });
    a().delete("/films/f3");
    until(() -> {
      converged("films");
      assertThat(names(0, "films")).hasSize(29).isEqualTo(names(1, "films"));
      assertThat(names(2, "films")).isEqualTo(names(1, "films"));
    });
  }
}
