package io.cotidal.gateway.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.gateway.desk.Client.Told;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Ruling;
import io.cotidal.gateway.relay.Relay.Waiting;
import io.cotidal.lab.swift.HttpFault;
import io.cotidal.lab.swift.HttpFaults;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.objects.plan.Acts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.objects.stamps.Losses;
import io.cotidal.objects.steps.ObjectsDriver;
import io.cotidal.objects.swift.Swift;
import io.cotidal.remote.Deadline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateways before two real sites. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("behind the door of a gateway")
final class LodgeIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private Path folder;
  private Pair pair;
  private Lodge lodge;
  private Lodge other;
  private SwiftUser east;
  private SwiftUser west;
  private Client client;
  private Client westClient;

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(
        missing.isEmpty() || System.getenv("COT_REQUIRE_SERVERS") != null, "SKIPPED: " + missing);
    folder = temporary;
    pair = new Pair(temporary);
    east = pair.eastUser();
    west = pair.westUser();
    place(1, Role.ACTIVE);
    lodge = pair.lodge("east");
    other = pair.lodge("west");
    client = new Client(lodge.door(), east);
    westClient = new Client(other.door(), west);
  }

  @AfterAll
  void close() throws Exception {
    if (lodge != null) {
      lodge.close();
    }
    if (other != null) {
      other.close();
    }
    if (pair != null) {
      pair.close();
    }
  }

  /** Containers that begin with {@code all-} are promised at all sites. */
  private void place(long generation, Role west) throws Exception {
    Map<MemberId, Role> sites = new LinkedHashMap<>();
    sites.put(new MemberId("east"), Role.ACTIVE);
    sites.put(new MemberId("west"), west);
    Placement.Rule all =
        new Placement.Rule(
            Optional.empty(),
            Optional.of("all-*"),
            Optional.empty(),
            Optional.empty(),
            List.copyOf(sites.keySet()));
    String text =
        PlacingText.write(
            new Placing(
                generation, sites, List.of(new Placing.Line(all, Promise.ALL)), Promise.LOCAL));
    for (String here : List.of("east", "west")) {
      Files.writeString(folder.resolve("placing-" + here + ".json"), text);
    }
  }

  private void empty() {
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(lodge.waiting()).isEmpty();
          assertThat(other.waiting()).isEmpty();
        });
  }

  /** What is the same everywhere of a container; empty if it is not there. */
  private static Map<String, String> state(SwiftUser user, String path) throws Exception {
    RawAnswer answer = user.head(path);
    Map<String, String> state = new TreeMap<>();
    if (answer.status() == 404) {
      return state;
    }
    assertThat(answer.status()).isEqualTo(204);
    for (RawHeader header : answer.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.startsWith("x-container-meta-")
          || List.of(
                  "x-container-read",
                  "x-container-write",
                  "x-container-sync-key",
                  "x-versions-enabled")
              .contains(name)) {
        state.put(name, header.value());
      }
    }
    return state;
  }

  @Test
  @DisplayName("objects/S1: a new container is at the other site with all that it is, and so on")
  void mirrored() throws Exception {
    Told told =
        client.put(
            "/s1",
            RawHeader.of("X-Container-Meta-Colour", "blue"),
            RawHeader.of("X-Container-Meta-Size", "large"),
            RawHeader.of("X-Container-Read", ".r:*"),
            RawHeader.of("X-Versions-Enabled", "true"));
    assertThat(told.status()).isEqualTo(201);
    assertThat(told.sync()).isEqualTo("pending");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(state(west, "/s1"))
                .containsEntry("x-container-meta-colour", "blue")
                .containsEntry("x-container-read", ".r:*")
                .containsKey("x-container-sync-key")
                .isEqualTo(state(east, "/s1")));
    empty();
    assertThat(state(west, "/s1")).containsEntry("x-versions-enabled", "True");
    client.post("/s1", RawHeader.of("X-Remove-Container-Meta-Colour", "x"));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(state(west, "/s1"))
                .doesNotContainKey("x-container-meta-colour")
                .containsEntry("x-container-meta-size", "large"));
    assertThat(client.delete("/s1").status()).isEqualTo(204);
    await().atMost(SOON).untilAsserted(() -> assertThat(state(west, "/s1")).isEmpty());
    empty();
    // Made again it is a new one: nothing of the old one comes back.
    assertThat(client.put("/s1").status()).isEqualTo(201);
    empty();
    assertThat(state(west, "/s1").keySet()).containsExactly("x-container-sync-key");
    assertThat(state(west, "/s1")).isEqualTo(state(east, "/s1"));
  }

  @Test
  @DisplayName("changes at both sites, one after the other, each come to the other one")
  void turns() throws Exception {
    client.put("/turns", RawHeader.of("X-Container-Meta-A", "east"));
    empty();
    westClient.post("/turns", RawHeader.of("X-Container-Meta-A", "west"));
    empty();
    assertThat(state(east, "/turns")).containsEntry("x-container-meta-a", "west");
    westClient.delete("/turns");
    empty();
    assertThat(state(east, "/turns")).isEmpty();
    assertThat(conflicts("turns")).isEmpty();
  }

  private List<String> conflicts(String container) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String here : List.of("east", "west")) {
      Path file = folder.resolve("outbox-" + here).resolve("conflicts.jsonl");
      if (Files.exists(file)) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines.stream().filter(line -> line.contains("\"" + container + "\"")).toList();
  }

  private static void all(List<Callable<Told>> work, int... statuses) throws Exception {
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (Future<Told> each : threads.invokeAll(work)) {
        assertThat(each.get().status()).isIn(Arrays.stream(statuses).boxed().toList());
      }
    }
  }

  private List<String> names(SwiftUser user, String prefix) throws Exception {
    return user.names("").stream().filter(name -> name.startsWith(prefix)).toList();
  }

  @Test
  @DisplayName(
      "objects/S2: while a site is down all is promised and kept; when it is back all comes there")
  void siteDown() throws Exception {
    int many = 40;
    all(
        IntStream.range(0, many / 2)
            .<Callable<Told>>mapToObj(i -> () -> client.put("/s2-old" + i))
            .toList(),
        201);
    empty();
    pair.west.kill();
    long before = System.nanoTime();
    Told first = client.put("/s2-first");
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.sync()).isEqualTo("pending");
    assertThat(took).isLessThan(Duration.ofSeconds(10));
    List<Callable<Told>> work = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      String path = "/s2-new" + i;
      work.add(() -> client.put(path, RawHeader.of("X-Container-Meta-N", path)));
    }
    for (int i = 0; i < many / 4; i++) {
      String path = "/s2-old" + i;
      work.add(() -> client.post(path, RawHeader.of("X-Container-Meta-N", path)));
    }
    for (int i = many / 4; i < many / 2; i++) {
      String path = "/s2-old" + i;
      work.add(() -> client.delete(path));
    }
    all(work, 201, 204);
    long sent = System.nanoTime();
    Told all = client.put("/all-s2");
    assertThat(all.status()).isEqualTo(503);
    assertThat(all.sync()).isEqualTo("pending");
    assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(20));
    assertThat(lodge.waiting()).hasSizeGreaterThanOrEqualTo(many + many / 2);
    pair.west.start();
    west.forget();
    empty();
    assertThat(names(west, "s2-")).isEqualTo(names(east, "s2-")).hasSize(many + many / 4 + 1);
    for (int i = 0; i < many / 4; i++) {
      assertThat(state(west, "/s2-old" + i)).isEqualTo(state(east, "/s2-old" + i)).hasSize(2);
    }
    assertThat(west.head("/all-s2").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("who is promised all sites is told when all have it, and that they have")
  void promised() throws Exception {
    Told told = client.put("/all-made", RawHeader.of("X-Container-Meta-A", "1"));
    assertThat(told.status()).isEqualTo(201);
    assertThat(told.sync()).isEqualTo("done");
    assertThat(west.head("/all-made").header("X-Container-Meta-A")).contains("1");
    Told gone = client.delete("/all-made");
    assertThat(gone.status()).isEqualTo(204);
    assertThat(west.head("/all-made").status()).isEqualTo(404);
    empty();
  }

  @Test
  @DisplayName("objects/S7: who may not change it here changes it nowhere, whatever they claim")
  void refused() throws Exception {
    client.put("/s7", RawHeader.of("X-Container-Meta-A", "1"));
    empty();
    RawRequest wrong = RawRequest.of("DELETE", east.target("/s7")).with("X-Auth-Token", "AUTH_tk0");
    assertThat(client.ask(wrong).status()).isEqualTo(401);
    SwiftUser stranger = pair.east.user(SwiftLogin.OTHER);
    RawRequest others =
        RawRequest.of("DELETE", east.target("/s7")).with("X-Auth-Token", stranger.token());
    assertThat(client.ask(others).status()).isEqualTo(403);
    assertThat(
            client
                .ask(
                    RawRequest.of("DELETE", east.target("/s7"))
                        .with("X-Orig-Cluster", "http://west"))
                .status())
        .isEqualTo(401);
    empty();
    assertThat(west.head("/s7").status()).isEqualTo(204);
    // A claim to come from a peer neither hides a change nor gets anywhere.
    Told told =
        client.post(
            "/s7",
            RawHeader.of("X-Orig-Cluster", "http://west"),
            RawHeader.of("X-Cotidal-Sync", "done"),
            RawHeader.of("X-Container-Meta-Cotidal-Stamp", "9999999999.00000"),
            RawHeader.of("X-Container-Meta-A", "2"));
    assertThat(told.status()).isEqualTo(204);
    assertThat(told.sync()).isEqualTo("pending");
    empty();
    assertThat(state(west, "/s7"))
        .containsEntry("x-container-meta-a", "2")
        .doesNotContainKey("x-container-meta-cotidal-stamp")
        .isEqualTo(state(east, "/s7"));
    // 409 here is no reason to delete there.
    assertThat(east.put("/s7/object", RawBody.of("x")).status()).isEqualTo(201);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(client.delete("/s7").status()).isEqualTo(409));
    empty();
    assertThat(west.head("/s7").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("objects/S8: what a user may not set is set at neither site")
  void privileges() throws Exception {
    String list = "{\"read-write\":[\"test:tester3\"]}";
    assertThat(east.post("", RawHeader.of("X-Account-Access-Control", list)).status())
        .isEqualTo(204);
    SwiftUser guest = pair.east.user(SwiftLogin.TESTER3);
    Client asGuest = new Client(lodge.door(), guest);
    Told told =
        asGuest.put(
            "/s8",
            RawHeader.of("X-Container-Read", ".r:*"),
            RawHeader.of("X-Container-Meta-Temp-Url-Key", "stolen"),
            RawHeader.of("X-Container-Meta-Colour", "red"));
    assertThat(told.status()).isEqualTo(201);
    empty();
    assertThat(state(west, "/s8"))
        .isEqualTo(state(east, "/s8"))
        .doesNotContainKey("x-container-read")
        .doesNotContainKey("x-container-meta-temp-url-key")
        .containsEntry("x-container-meta-colour", "red");
  }

  @Test
  @DisplayName("objects/S1: what an account says of itself comes to the other site, and goes there")
  void accounts() throws Exception {
    Told told =
        client.post(
            "",
            RawHeader.of("X-Account-Meta-Temp-URL-Key", "key-of-account"),
            RawHeader.of("X-Account-Meta-Colour", "blue"));
    assertThat(told.status()).isEqualTo(204);
    assertThat(told.sync()).isEqualTo("pending");
    empty();
    assertThat(west.head("").header("X-Account-Meta-Temp-URL-Key")).contains("key-of-account");
    assertThat(west.head("").header("X-Account-Meta-Colour")).contains("blue");
    westClient.post("", RawHeader.of("X-Remove-Account-Meta-Colour", "x"));
    empty();
    assertThat(east.head("").header("X-Account-Meta-Colour")).isEmpty();
    assertThat(east.head("").header("X-Account-Meta-Temp-URL-Key")).contains("key-of-account");
    // Whoever may not change it here changes it nowhere.
    SwiftUser guest = pair.east.user(SwiftLogin.TESTER3);
    RawRequest stolen =
        RawRequest.of("POST", east.target(""))
            .with("X-Auth-Token", guest.token())
            .with("X-Account-Meta-Colour", "black");
    assertThat(client.ask(stolen).status()).isEqualTo(403);
    empty();
    assertThat(west.head("").header("X-Account-Meta-Colour")).isEmpty();
  }

  private static RawHeader[] metadata(String prefix, int many, String value) {
    RawHeader[] headers = new RawHeader[many];
    for (int i = 0; i < many; i++) {
      headers[i] = RawHeader.of(prefix + i, value);
    }
    return headers;
  }

  @Test
  @DisplayName("metadata that are all other ones come to the other site, near its limits too")
  void limits() throws Exception {
    int many = 60;
    for (String path : List.of("", "/full")) {
      String meta = path.isEmpty() ? "X-Account-Meta-" : "X-Container-Meta-";
      if (!path.isEmpty()) {
        client.put(path);
      }
      assertThat(client.post(path, metadata(meta + "A", many, "1")).status()).isEqualTo(204);
      empty();
      assertThat(west.head(path).header(meta + "A59")).contains("1");
      pair.cut();
      try {
        assertThat(client.post(path, metadata(meta + "A", many, "")).status()).isEqualTo(204);
        assertThat(client.post(path, metadata(meta + "B", many, "2")).status()).isEqualTo(204);
      } finally {
        pair.heal();
      }
      empty();
      RawAnswer there = west.head(path);
      assertThat(there.header(meta + "A0")).isEmpty();
      assertThat(there.header(meta + "B59")).contains("2");
      client.post(path, metadata(meta + "B", many, ""));
      empty();
    }
  }

  @Test
  @DisplayName("what the other site refuses for ever says so, holds nothing else up, and is tried")
  void refusedForEver() throws Exception {
    client.put("/refused");
    empty();
    pair.toWest.plan((_, method, target) ->
        method.equals("POST") && Set.of("/v1/AUTH_test", "/v1/AUTH_test/refused").contains(target)
            ? new HttpFault.Answered(400)
            : new HttpFault.None());
    try {
      assertThat(client.post("", RawHeader.of("X-Account-Meta-C", "1")).status()).isEqualTo(204);
      RawHeader colour = RawHeader.of("X-Container-Meta-C", "1");
      assertThat(client.post("/refused", colour).status()).isEqualTo(204);
      await().atMost(SOON).until(() -> lodge.waiting().stream().filter(Waiting::held).count() == 2);
      assertThat(client.put("/healthy", colour).status()).isEqualTo(201);
      await()
          .atMost(SOON)
          .until(() -> west.head("/healthy").header("X-Container-Meta-C").isPresent());
      // It is let go of a little later than it is there.
      await().atMost(SOON).until(() -> lodge.waiting().size() == 2);
      for (Waiting each : lodge.waiting()) {
        assertThat(each.why())
            .contains("site west: POST /v1/AUTH_test", "400", "change it here", "its limits");
      }
      // A later change of it is taken, and waits with it.
      assertThat(client.post("/refused", RawHeader.of("X-Container-Meta-D", "2")).status())
          .isEqualTo(204);
      assertThat(lodge.waiting()).hasSize(2);
    } finally {
      pair.heal();
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> lodge.waiting().isEmpty());
    assertThat(west.head("").header("X-Account-Meta-C")).contains("1");
    assertThat(west.head("/refused").header("X-Container-Meta-C")).contains("1");
    assertThat(west.head("/refused").header("X-Container-Meta-D")).contains("2");
  }

  @Test
  @DisplayName(
      "objects/S9: both sites make the same container while they are cut off: the later one holds")
  void partition() throws Exception {
    pair.cut();
    try {
      assertThat(client.put("/s9a", RawHeader.of("X-Container-Read", "of-east")).status())
          .isEqualTo(201);
      assertThat(westClient.put("/s9a", RawHeader.of("X-Container-Read", "of-west")).status())
          .isEqualTo(201);
      assertThat(westClient.put("/s9b", RawHeader.of("X-Container-Read", "of-west")).status())
          .isEqualTo(201);
      assertThat(client.put("/s9b", RawHeader.of("X-Container-Read", "of-east")).status())
          .isEqualTo(201);
      // What each is at its own site has been stamped there before they hear of each other.
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(lodge.waiting()).allMatch(each -> !each.why().isEmpty());
            assertThat(other.waiting()).allMatch(each -> !each.why().isEmpty());
          });
    } finally {
      pair.heal();
    }
    empty();
    assertThat(state(east, "/s9a"))
        .containsEntry("x-container-read", "of-west")
        .isEqualTo(state(west, "/s9a"));
    assertThat(state(east, "/s9b"))
        .containsEntry("x-container-read", "of-east")
        .isEqualTo(state(west, "/s9b"));
    assertThat(conflicts("s9a"))
        .anyMatch(line -> line.contains("\"loser\":\"east\"") && line.contains("of-east"));
    assertThat(conflicts("s9b"))
        .anyMatch(line -> line.contains("\"loser\":\"west\"") && line.contains("of-west"));
    assertThat(left("s9a")).contains("east");
    assertThat(left("s9b")).contains("west");
  }

  /** Whose changes of a container were overruled, as the daemon finds it at the sites. */
  private List<String> left(String container) throws Exception {
    List<String> losers = new ArrayList<>();
    for (String here : List.of("east", "west")) {
      try (Swift site = pair.client(here)) {
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        new Losses(Pair.ACCOUNT)
            .latest(site, 50, deadline).stream()
                .filter(told -> told.container().container().equals(container))
                .forEach(told -> losers.add(told.loser()));
      }
    }
    return losers;
  }

  @Test
  @DisplayName("objects/S9: changed at one site and deleted at the other while cut off: it stays")
  void deletedAndChanged() throws Exception {
    client.put("/s9c", RawHeader.of("X-Container-Meta-A", "1"));
    empty();
    pair.cut();
    try {
      assertThat(westClient.delete("/s9c").status()).isEqualTo(204);
      assertThat(client.post("/s9c", RawHeader.of("X-Container-Meta-A", "2")).status())
          .isEqualTo(204);
    } finally {
      pair.heal();
    }
    empty();
    assertThat(state(west, "/s9c"))
        .containsEntry("x-container-meta-a", "2")
        .isEqualTo(state(east, "/s9c"));
  }

  @Test
  @DisplayName("objects/S6: a deletion waits where objects are left, and loses to what is there")
  void notEmpty() throws Exception {
    client.put("/s6");
    empty();
    assertThat(west.put("/s6/object", RawBody.of("x")).status()).isEqualTo(201);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(west.head("/s6").header("X-Container-Object-Count")).contains("1"));
    assertThat(client.delete("/s6").status()).isEqualTo(204);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(lodge.waiting())
                .anyMatch(each ->
                    each.open().subject().box().equals("s6") && each.why().contains("compared")));
    assertThat(west.get("/s6/object").text()).isEqualTo("x");
    // As the comparison of objects would do it.
    assertThat(west.delete("/s6/object").status()).isEqualTo(204);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(west.head("/s6").status()).isEqualTo(404));
    empty();
  }

  private Outcome compared(ObjectsDriver driver, String container, long turn) {
    Step step =
        Step.act(Acts.CONVERGE, ObjectsSpec.NAMESPACE, "try")
            .with(Acts.ACCOUNT, SwiftLogin.TESTER.storageAccount())
            .with(Acts.CONTAINER, container)
            .within(Duration.ofSeconds(60));
    return driver.act(step, new Stamp(1, turn), _ -> {});
  }

  @Test
  @DisplayName(
      "objects/S6: what was agreed on goes with its container, once the comparison has drained it")
  void drained() throws Exception {
    Lodge.Settings known = pair.settings("east");
    ObjectsSpec spec =
        new ObjectsSpec(
            new ResourceId("objects", "media"),
            Mode.MANAGE,
            known.sites(),
            known.realm(),
            List.of(SwiftLogin.TESTER.storageAccount()),
            Placement.EVERYWHERE,
            ObjectsSpec.Pace.USUAL,
            ObjectsSpec.Care.USUAL,
            folder.resolve("namespace"));
    try (ObjectsDriver driver = new ObjectsDriver(spec, InstantSource.system())) {
      client.put("/s6d");
      empty();
      assertThat(east.put("/s6d/object", RawBody.of("x")).status()).isEqualTo(201);
      // Counts of a container lag behind what is in it.
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(east.head("/s6d").header("X-Container-Object-Count")).contains("1"));
      assertThat(compared(driver, "s6d", 1)).isInstanceOf(Outcome.Done.class);
      assertThat(west.get("/s6d/object").text()).isEqualTo("x");
      assertThat(east.delete("/s6d/object").status()).isEqualTo(204);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(client.delete("/s6d").status()).isEqualTo(204));
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(lodge.waiting()).anyMatch(each -> each.why().contains("compared")));
      assertThat(west.get("/s6d/object").text()).isEqualTo("x");
      assertThat(compared(driver, "s6d", 2)).isInstanceOf(Outcome.Done.class);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(west.head("/s6d").status()).isEqualTo(404));
      empty();
      assertThat(east.head("/s6d").status()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName("objects/S22: no secret is in the outbox, in answers, or in what waits")
  void secrets() throws Exception {
    pair.cut();
    try {
      client.put("/s22", RawHeader.of("X-Container-Meta-Temp-URL-Key", "canary-of-s22"));
      client.post("/s22", RawHeader.of("X-Container-Sync-Key", "canary-sync-of-s22"));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(lodge.waiting()).anyMatch(each -> !each.why().isEmpty()));
      String token = east.token();
      try (var files = Files.walk(folder.resolve("outbox-east"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .doesNotContain("canary", token, Pair.REALM.key().reveal());
        }
      }
      assertThat(lodge.waiting().toString()).doesNotContain("canary", token);
    } finally {
      pair.heal();
    }
    empty();
    assertThat(state(west, "/s22"))
        .containsEntry("x-container-meta-temp-url-key", "canary-of-s22")
        .containsEntry("x-container-sync-key", "canary-sync-of-s22");
  }

  @Test
  @DisplayName("a key that a client sets while the relay gives the container one is never lost")
  void bothAtOnce() throws Exception {
    List<Callable<Told>> work = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String path = "/both" + i;
      long micros = 2_000L * i;
      work.add(() -> {
        client.put(path);
        // At another moment of the relay's work each: which one it hits does not matter.
        LockSupport.parkNanos(micros * 1_000);
        return client.post(path, RawHeader.of("X-Container-Sync-Key", "key-of-" + path));
      });
    }
    all(work, 204);
    empty();
    for (int i = 0; i < 30; i++) {
      String path = "/both" + i;
      assertThat(state(east, path)).containsEntry("x-container-sync-key", "key-of-" + path);
      assertThat(state(west, path)).isEqualTo(state(east, path));
    }
  }

  @Test
  @DisplayName("an answer that never came, and a client that went away, are looked at")
  void lost() throws Exception {
    Head head =
        new Head("PUT", east.target("/lost"), List.of(new Field("X-Auth-Token", east.token())));
    Ruling.Watched watched = (Ruling.Watched) lodge.door().judge(head);
    assertThat(watched.watch().intend().toCompletableFuture().get()).isNull();
    assertThat(east.put("/lost").status()).isEqualTo(201);
    watched.watch().lost();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(west.head("/lost").status()).isEqualTo(204));
    Ruling.Watched never = (Ruling.Watched) lodge.door().judge(head);
    var _ = never.watch().intend();
    never.watch().lost();
    empty();
  }

  @Test
  @DisplayName(
      "a site in trouble: what it answers is told, and what it did all the same is carried")
  void brokenAnswer() throws Exception {
    try (var way = new HttpFaults(pair.east.address())) {
      way.plan((_, method, target) ->
          method.equals("PUT") && target.endsWith("/broken")
              ? new HttpFault.Lost()
              : new HttpFault.None());
      SwiftUser through = new SwiftUser(way.address(), SwiftLogin.TESTER);
      assertThat(new Client(lodge.door(), through).put("/broken").status()).isEqualTo(502);
    }
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(west.head("/broken").status()).isEqualTo(204));
    empty();
  }

  @Test
  @DisplayName(
      "a backup refuses clients until the daemon promotes it; nobody need restart anything")
  void backup() throws Exception {
    place(2, Role.BACKUP);
    try {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(westClient.put("/backup").status()).isEqualTo(503));
      assertThat(client.put("/backup").status()).isIn(201, 202);
      empty();
      assertThat(west.head("/backup").status()).isEqualTo(204);
    } finally {
      place(3, Role.ACTIVE);
    }
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(westClient.put("/backup").status()).isEqualTo(202));
    empty();
  }
}
