package io.cotidal.lab.swift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two independent sites of Swift on one machine")
@Timeout(180)
class SwiftSiteIT {
  private static final SwiftRealm REALM = SwiftRealm.of("lab", "realm-key-of-the-lab");
  private static final String KEY = "container-key-of-the-lab";
  private static final RawHeader SYNC_KEY = RawHeader.of("X-Container-Sync-Key", KEY);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration FORGETS = Duration.ofHours(1);
  private static final Duration SKEW = Duration.ofMinutes(2);

  @TempDir static Path state;
  private static ServerRegistry registry;
  private static SwiftSite east;
  private static SwiftSite west;

  @BeforeAll
  static void begin() throws Exception {
    String missing = SwiftSite.missing().orElse("");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    registry = ServerRegistry.open(state);
    long begin = System.nanoTime();
    List<SwiftSite> sites =
        SwiftSite.start(
            registry,
            REALM,
            SwiftOptions.named("east"),
            SwiftOptions.named("west").policies("gold", "silver").reclaiming(FORGETS));
    System.out.printf(
        "measured: two sites of Swift start in %d ms%n",
        Duration.ofNanos(System.nanoTime() - begin).toMillis());
    east = sites.getFirst();
    west = sites.getLast();
  }

  @AfterAll
  static void end() throws Exception {
    if (registry != null) {
      registry.close();
    }
  }

  private static SwiftUser tester(SwiftSite site) {
    return site.user(SwiftLogin.TESTER);
  }

  private static String stamp(Instant time) {
    return "%d.%05d".formatted(time.getEpochSecond(), time.getNano() / 10_000);
  }

  private static RawAnswer signed(String method, String path, String timestamp, String body)
      throws IOException {
    SwiftUser user = tester(west);
    RawRequest request =
        RawRequest.of(method, user.target(path))
            .with("X-Timestamp", timestamp)
            .with(
                List.of(
                    new SyncSignature(REALM.name(), REALM.key(), new Secret(KEY))
                        .header(method, user.target(path), timestamp)));
    return user.ask(method.equals("PUT") ? request.with(RawBody.of(body)) : request);
  }

  @Test
  @DisplayName("neither sees what the other has, nor takes its tokens")
  void apart() throws Exception {
    SwiftUser here = tester(east);
    SwiftUser there = tester(west);
    assertThat(here.put("/apart").status()).isEqualTo(201);
    assertThat(here.put("/apart/o", RawBody.of("text")).status()).isEqualTo(201);
    assertThat(here.get("/apart/o").text()).isEqualTo("text");
    assertThat(there.get("/apart/o").status()).isEqualTo(404);
    assertThat(there.put("/apart").status()).isEqualTo(201);
    assertThat(there.get("/apart/o").status()).isEqualTo(404);
    RawRequest foreign =
        RawRequest.of("GET", there.target("/apart")).with("X-Auth-Token", here.token());
    assertThat(here.ask(foreign).status()).isEqualTo(200);
    assertThat(there.ask(foreign).status()).isEqualTo(401);
    assertThat(there.put("/fast", RawHeader.of("X-Storage-Policy", "silver")).status())
        .isEqualTo(201);
    assertThat(there.head("/fast").header("X-Storage-Policy")).contains("silver");
    assertThat(here.put("/fast", RawHeader.of("X-Storage-Policy", "silver")).status())
        .isEqualTo(400);
  }

  @Test
  @DisplayName("a signed write keeps its time, and the later one wins however often they come")
  void signedWrites() throws Exception {
    SwiftUser there = tester(west);
    there.put("/signed", SYNC_KEY);
    assertThat(signed("PUT", "/signed/o", "1700000005.00000", "five").status()).isEqualTo(201);
    assertThat(there.head("/signed/o").header("X-Timestamp")).contains("1700000005.00000");
    assertThat(signed("PUT", "/signed/o", "1700000004.00000", "four").status()).isEqualTo(202);
    assertThat(signed("PUT", "/signed/o", "1700000005.00000", "five").status()).isEqualTo(202);
    assertThat(signed("DELETE", "/signed/o", "1700000003.00000", "").status()).isEqualTo(409);
    assertThat(there.get("/signed/o").text()).isEqualTo("five");
    assertThat(signed("DELETE", "/signed/o", "1700000006.00000", "").status()).isEqualTo(204);
    assertThat(there.get("/signed/o").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("Swift's own daemon copies from one to the other, and the keys are in no log")
  void ownDaemon() throws Exception {
    tester(west).put("/copied", SYNC_KEY);
    RawHeader destination = RawHeader.of("X-Container-Sync-To", "//lab/west/AUTH_test/copied");
    assertThat(tester(east).put("/copied", SYNC_KEY, destination).status()).isEqualTo(201);
    tester(east).put("/copied/o", RawBody.of("there"));
    east.once(SwiftDaemon.CONTAINER_SYNC);
    assertThat(tester(west).get("/copied/o").text()).isEqualTo("there");
    assertThat(tester(west).head("/copied/o").header("X-Timestamp"))
        .isEqualTo(tester(east).head("/copied/o").header("X-Timestamp"));
    assertThat(west.said(SwiftService.PROXY)).contains("/v1/AUTH_test/copied/o");
    assertThat(east.said() + west.said()).doesNotContain(KEY).doesNotContain("realm-key");
  }

  @Test
  @DisplayName("killed and started again a site has what it had, and its tokens are no more")
  void killed() throws Exception {
    SwiftUser there = tester(west);
    there.put("/kept");
    there.put("/kept/o", RawBody.of("kept"));
    west.kill();
    assertThatThrownBy(() -> there.get("/kept/o")).isInstanceOf(IOException.class);
    long begin = System.nanoTime();
    west.start();
    System.out.printf(
        "measured: a killed site of Swift starts again in %d ms%n",
        Duration.ofNanos(System.nanoTime() - begin).toMillis());
    assertThat(there.get("/kept/o").status()).isEqualTo(401);
    there.forget();
    assertThat(there.get("/kept/o").text()).isEqualTo("kept");
  }

  @Test
  @DisplayName("with one process down the rest of the site answers, and errors where it must")
  void oneDown() throws Exception {
    SwiftUser here = tester(east);
    here.put("/half");
    here.put("/half/o", RawBody.of("half"));
    east.kill(SwiftService.CONTAINER);
    try {
      assertThat(here.put("/other").status()).isEqualTo(503);
      assertThat(here.head("").status()).isEqualTo(204);
    } finally {
      east.start(SwiftService.CONTAINER);
    }
    await().atMost(PATIENCE).until(() -> here.put("/other").status() / 100 == 2);
    assertThat(here.get("/half/o").text()).isEqualTo("half");
    RawHttp soon = new RawHttp(east.address(), Duration.ofMillis(500));
    RawRequest question = RawRequest.of("GET", "/healthcheck");
    east.freeze(SwiftService.PROXY);
    try {
      assertThatThrownBy(() -> soon.ask(question)).isInstanceOf(SocketTimeoutException.class);
    } finally {
      east.thaw(SwiftService.PROXY);
    }
    await().atMost(PATIENCE).ignoreExceptions().until(() -> soon.ask(question).status() == 200);
  }

  @Test
  @DisplayName("a deletion that is old enough is forgotten: an older write comes back")
  void reclaimed() throws Exception {
    SwiftUser there = tester(west);
    there.put("/forgets", SYNC_KEY);
    Instant now = Instant.now();
    signed("PUT", "/forgets/new", stamp(now.minusSeconds(2)), "2");
    assertThat(signed("DELETE", "/forgets/new", stamp(now), "").status()).isEqualTo(204);
    Instant old = now.minus(FORGETS).minusSeconds(1);
    signed("PUT", "/forgets/old", stamp(old.minusSeconds(2)), "2");
    assertThat(signed("DELETE", "/forgets/old", stamp(old), "").status()).isEqualTo(204);
    west.once(SwiftDaemon.OBJECT_REPLICATOR);
    west.once(SwiftDaemon.CONTAINER_REPLICATOR);
    String between = stamp(now.minusSeconds(1));
    assertThat(signed("PUT", "/forgets/new", between, "1").status()).isEqualTo(202);
    between = stamp(old.minusSeconds(1));
    assertThat(signed("PUT", "/forgets/old", between, "1").status()).isEqualTo(201);
    assertThat(there.names("/forgets")).containsExactly("old");
  }

  @Test
  @DisplayName("the passes of its daemons expire objects and tell the account its sums")
  void daemons() throws Exception {
    SwiftUser here = tester(east);
    here.put("/passes");
    here.put("/passes/stays", RawBody.of("12345"));
    here.put("/passes/goes", RawBody.of("1"), RawHeader.of("X-Delete-After", "1"));
    await().atMost(PATIENCE).until(() -> here.head("/passes/goes").status() == 404);
    assertThat(here.names("/passes")).containsExactly("goes", "stays");
    east.once(SwiftDaemon.CONTAINER_UPDATER);
    east.once(SwiftDaemon.OBJECT_EXPIRER);
    assertThat(here.names("/passes")).containsExactly("stays");
    east.once(SwiftDaemon.CONTAINER_UPDATER);
    assertThat(here.get("?format=json").text())
        .contains("\"name\": \"passes\", \"count\": 1, \"bytes\": 5");
  }

  @Test
  @DisplayName("rows that are written straight into a container are listed, the same at both")
  void rows() throws Exception {
    Instant start = Instant.ofEpochSecond(1_700_000_000);
    SwiftRows rows = SwiftRows.of("AUTH_test", "many", 11_000, start);
    for (SwiftSite site : List.of(east, west)) {
      tester(site).put("/many");
      long begin = System.nanoTime();
      assertThat(site.fill(rows)).isEqualTo(11_000);
      System.out.printf(
          "measured: 11000 rows in a container of Swift take %d ms%n",
          Duration.ofNanos(System.nanoTime() - begin).toMillis());
      assertThat(tester(site).head("/many").header("X-Container-Object-Count")).contains("11000");
    }
    String page = "/many?format=json&marker=row-000010997";
    assertThat(tester(east).get(page).text())
        .isEqualTo(tester(west).get(page).text())
        .contains("\"name\": \"row-000010999\"")
        .contains("\"last_modified\": \"2023-11-14T22:13:30.999000\"");
    assertThat(tester(east).names("/many")).hasSize(11_000).last().isEqualTo("row-000010999");
  }

  @Test
  @DisplayName("odd names arrive as they are sent, and a refused upload is never asked for")
  void wire() throws Exception {
    SwiftUser here = tester(east);
    here.put("/odd");
    List<String> names = List.of("../dots", "//dbl//x", "a%2Fb", "x;p=1", "naïve ☃");
    for (String name : names) {
      assertThat(here.put("/odd/" + SwiftUser.escaped(name), RawBody.of(name)).status())
          .isEqualTo(201);
    }
    assertThat(here.names("/odd")).containsExactlyInAnyOrderElementsOf(names);
    RawHeader expect = RawHeader.of("Expect", "100-continue");
    RawAnswer taken = here.put("/odd/big", RawBody.chunked(RawBody.of("x").bytes()), expect);
    assertThat(taken.status()).isEqualTo(201);
    assertThat(taken.before()).containsExactly(100);
    RawRequest unknown =
        RawRequest.of("PUT", here.target("/odd/big"))
            .with("X-Auth-Token", "AUTH_tk0")
            .with(List.of(expect))
            .with(RawBody.of("never"));
    assertThat(here.ask(unknown))
        .satisfies(answer -> {
          assertThat(answer.status()).isEqualTo(401);
          assertThat(answer.before()).isEmpty();
        });
  }

  @Test
  @DisplayName("a site may have another clock")
  void otherClock() throws Exception {
    String missing = SwiftSite.otherClock().orElse("");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    SwiftSite early =
        SwiftSite.start(registry, REALM, SwiftOptions.named("early").ahead(SKEW)).getFirst();
    Instant before = Instant.now();
    String date = tester(early).put("/c").header("Date").orElseThrow();
    Instant told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    assertThat(Duration.between(before, told)).isBetween(SKEW.minusSeconds(2), SKEW.plus(PATIENCE));
    early.stop();
    assertThatThrownBy(() -> tester(early).authenticate()).isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("the realm takes another key while its sites run")
  void otherKey() throws Exception {
    tester(west).put("/rotated", SYNC_KEY);
    SwiftUser there = tester(west);
    SyncSignature other = new SyncSignature("lab", new Secret("second"), new Secret(KEY));
    RawRequest request =
        RawRequest.of("GET", there.target("/rotated"))
            .with(List.of(other.header("GET", there.target("/rotated"), "0")));
    assertThat(there.ask(request).status()).isEqualTo(401);
    east.change(REALM.alsoTaking("second"));
    try {
      await().atMost(PATIENCE).until(() -> there.ask(request).status() == 204);
    } finally {
      east.change(REALM);
    }
  }
}
