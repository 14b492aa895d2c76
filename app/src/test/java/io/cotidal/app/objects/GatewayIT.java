package io.cotidal.app.objects;

import static io.cotidal.app.objects.GatewayPair.soon;
import static io.cotidal.app.objects.GatewayPair.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.RawRequest;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftSite;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.model.MemberId;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.objects.spec.Placement;
import io.cotidal.objects.spec.Promise;
import io.cotidal.objects.spec.Site.Role;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Two real sites, each with {@code cot gateway} before it, and no daemon. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("gateways before two sites")
final class GatewayIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final MemberId EAST = new MemberId("east");
  private static final MemberId WEST = new MemberId("west");

  private GatewayPair pair;
  private GatewayLab eastGate;
  private GatewayLab westGate;

  /** Through the gateways. */
  private SwiftUser client;

  private SwiftUser westClient;

  /** Past them. */
  private SwiftUser east;

  private SwiftUser west;

  @BeforeAll
  void open() throws Exception {
    pair = new GatewayPair();
    eastGate = pair.eastGate;
    westGate = pair.westGate;
    client = eastGate.user(SwiftLogin.TESTER);
    westClient = westGate.user(SwiftLogin.TESTER);
    east = pair.lab.site("east").user(SwiftLogin.TESTER);
    west = pair.lab.site("west").user(SwiftLogin.TESTER);
  }

  @AfterAll
  void close() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  private static void told(RawAnswer answer, int status, String sync) {
    assertThat(answer.status()).as(answer::toString).isEqualTo(status);
    assertThat(answer.header("X-Cotidal-Sync")).as(answer::toString).contains(sync);
  }

  private static long millis(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis();
  }

  @Test
  @DisplayName(
      "objects/S1: what a client makes, changes and deletes at either site is at the other at once")
  void mirrored() throws Exception {
    RawAnswer login = client.authenticate();
    assertThat(login.header("X-Storage-Url"))
        .contains("http://127.0.0.1:" + eastGate.port + "/v1/AUTH_test");
    long began = System.nanoTime();
    told(client.put("/one", RawHeader.of("X-Container-Meta-Colour", "blue")), 201, "pending");
    soon(() -> assertThat(state(west, "/one")).containsEntry("x-container-meta-colour", "blue"));
    System.out.println("measured: objects/S1: the first one after " + millis(began) + " ms");
    pair.settled();
    System.out.println("measured: objects/S1: later ones, ms: " + times());
    assertThat(state(west, "/one")).isEqualTo(state(east, "/one"));
    told(westClient.post("/one", RawHeader.of("X-Container-Meta-Colour", "red")), 204, "pending");
    soon(() -> assertThat(state(east, "/one")).containsEntry("x-container-meta-colour", "red"));
    pair.settled();
    told(client.delete("/one"), 204, "pending");
    soon(() -> assertThat(west.head("/one").status()).isEqualTo(404));
    // A machine that is slow may keep a promise too late; the next request finds it kept.
    soon(() -> {
      RawAnswer all = client.put("/all-one");
      assertThat(all.status()).as(all::toString).isBetween(201, 202);
      assertThat(all.header("X-Cotidal-Sync")).contains("done");
    });
    assertThat(west.head("/all-one").status()).isEqualTo(204);
    // Objects go through, and are not the gateway's business.
    assertThat(client.put("/all-one/o", RawBody.of("text")).status()).isEqualTo(201);
    assertThat(client.get("/all-one/o").text()).isEqualTo("text");
    pair.settled();
  }

  @Test
  @DisplayName(
      "objects/S1: many clients at once, through both gateways: nothing of one is another's")
  void together() throws Exception {
    record Mine(SwiftUser at, String path, String value) {}
    List<Mine> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      all.add(new Mine(i % 2 == 0 ? client : westClient, "/together" + i, "of client " + i));
    }
    client.authenticate();
    westClient.authenticate();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> made = new ArrayList<>();
      for (Mine each : all) {
        RawHeader own = RawHeader.of("X-Container-Meta-Own", each.value());
        made.add(clients.submit(() -> each.at().put(each.path(), own).status()));
      }
      for (Future<Integer> one : made) {
        assertThat(one.get()).isEqualTo(201);
      }
    }
    pair.settled();
    for (Mine each : all) {
      assertThat(state(east, each.path())).containsEntry("x-container-meta-own", each.value());
      assertThat(state(west, each.path())).isEqualTo(state(east, each.path()));
    }
  }

  /** From the client's request to the other site, sorted. */
  private List<Long> times() throws Exception {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String path = "/timed" + i;
      long began = System.nanoTime();
      told(client.put(path), 201, "pending");
      await()
          .atMost(SOON)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(() -> assertThat(west.head(path).status()).isEqualTo(204));
      times.add(millis(began));
    }
    return times.stream().sorted().toList();
  }

  @Test
  @DisplayName("objects/S2: while a site is down its clients lose nothing and others do not wait")
  void siteDown() throws Exception {
    SwiftSite down = pair.lab.site("west");
    told(client.put("/two-gone"), 201, "pending");
    pair.settled();
    down.kill();
    long began = System.nanoTime();
    told(client.put("/two-first"), 201, "pending");
    System.out.println(
        "measured: objects/S2: a container while the other site is down: " + millis(began) + " ms");
    List<Callable<RawAnswer>> work =
        IntStream.range(0, 20)
            .<Callable<RawAnswer>>mapToObj(i ->
                () ->
                    client.put("/two-" + i, RawHeader.of("X-Container-Meta-N", String.valueOf(i))))
            .toList();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (Future<RawAnswer> each : threads.invokeAll(work)) {
        told(each.get(), 201, "pending");
      }
    }
    told(client.delete("/two-gone"), 204, "pending");
    told(client.put("/all-two"), 503, "pending");
    assertThat(westClient.http().ask(RawRequest.of("GET", "/healthcheck")).status()).isEqualTo(503);
    assertThat(eastGate.metric("waiting")).isEqualTo(23);
    assertThat(eastGate.metric("waiting_oldest_seconds")).isLessThan(SOON.toSeconds());
    soon(() ->
        assertThat(eastGate.says("/waiting").body())
            .contains("AUTH_test/two-first", "\"since\"", "no answer from [west]"));
    assertThat(eastGate.says("/healthz").statusCode()).isEqualTo(200);
    // A site that is down is no reason not to start, nor not to end in order.
    westGate.terminate();
    assertThat(westGate.exit()).as(() -> westGate.log()).isZero();
    westGate.again();
    down.start();
    long back = System.nanoTime();
    west.forget();
    westClient.forget();
    pair.settled();
    System.out.println(
        "measured: objects/S2: 23 containers at the other site "
            + millis(back)
            + " ms after it is back");
    assertThat(west.names("").stream().filter(name -> name.startsWith("two-")))
        .hasSize(21)
        .doesNotContain("two-gone");
    for (int i = 0; i < 20; i++) {
      assertThat(state(west, "/two-" + i))
          .containsEntry("x-container-meta-n", String.valueOf(i))
          .isEqualTo(state(east, "/two-" + i));
    }
    assertThat(west.head("/all-two").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("objects/S3: killed in the middle: what was told is carried after the next start")
  void killed() throws Exception {
    Queue<String> made = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(3)) {
      for (int thread = 0; thread < 3; thread++) {
        String name = "three-" + thread + "-";
        var _ =
            threads.submit(() -> {
              for (int i = 0; !over.get(); i++) {
                try {
                  if (client.put("/" + name + i).status() == 201) {
                    made.add(name + i);
                  }
                } catch (IOException e) {
                  // It is dead: nothing was told.
                  return;
                }
              }
            });
      }
      await().atMost(SOON).until(() -> made.size() >= 15);
      eastGate.kill();
      over.set(true);
    }
    eastGate.again();
    pair.settled();
    List<String> there = west.names("").stream().filter(name -> name.startsWith("three-")).toList();
    assertThat(there)
        .containsAll(made)
        .isEqualTo(east.names("").stream().filter(name -> name.startsWith("three-")).toList());
    // What is kept and logged tells nobody a secret.
    List<String> kept = new ArrayList<>(List.of(eastGate.log(), westGate.log()));
    try (var files = Files.walk(pair.lab.folder.resolve("gateway-east"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        kept.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(kept)
        .allSatisfy(text ->
            assertThat(text)
                .doesNotContain(
                    SitesLab.REALM_KEY, SwiftLogin.RESELLER.key().reveal(), client.token()));
  }

  @Test
  @DisplayName("objects/S7: what its own site refuses is done nowhere, whatever a client claims")
  void refused() throws Exception {
    told(client.put("/seven", RawHeader.of("X-Container-Meta-A", "1")), 201, "pending");
    pair.settled();
    RawRequest wrong = RawRequest.of("DELETE", client.target("/seven"));
    assertThat(client.ask(wrong.with("X-Auth-Token", "AUTH_tk0")).status()).isEqualTo(401);
    assertThat(client.ask(wrong.with("X-Orig-Cluster", "http://west")).status()).isEqualTo(401);
    SwiftUser stranger = eastGate.user(SwiftLogin.OTHER);
    assertThat(client.ask(wrong.with("X-Auth-Token", stranger.token())).status()).isEqualTo(403);
    told(
        client.post(
            "/seven",
            RawHeader.of("X-Cotidal-Sync", "done"),
            RawHeader.of("X-Container-Meta-A", "2")),
        204,
        "pending");
    pair.settled();
    // An account that is not to be the same everywhere is its site's own.
    RawAnswer own = stranger.put("/of-another");
    assertThat(own.status()).isEqualTo(201);
    assertThat(own.header("X-Cotidal-Sync")).isEmpty();
    assertThat(state(west, "/seven"))
        .containsEntry("x-container-meta-a", "2")
        .isEqualTo(state(east, "/seven"));
  }

  @Test
  @DisplayName("the placing comes from its own site, and holds when that has none any more")
  void placed() throws Exception {
    announce(1_000);
    soon(() -> assertThat(eastGate.metric("placing_generation")).isEqualTo(1_000));
    long began = System.nanoTime();
    assertThat(client.put("/east-only").status()).isEqualTo(201);
    pair.settled();
    System.out.println("measured: a container of this site alone after " + millis(began) + " ms");
    assertThat(west.head("/east-only").status()).isEqualTo(404);
    announced("DELETE", Optional.empty());
    told(client.put("/both-again"), 201, "pending");
    pair.settled();
    assertThat(west.head("/both-again").status()).isEqualTo(204);
    assertThat(eastGate.metric("placing_generation")).isEqualTo(1_000);
    assertThat(eastGate.metric("placing_refused")).isZero();
  }

  /** As the daemon leaves it, at east. */
  private void announce(long generation) throws Exception {
    Map<MemberId, Role> sites = new LinkedHashMap<>();
    sites.put(EAST, Role.ACTIVE);
    sites.put(WEST, Role.ACTIVE);
    List<Placing.Line> lines =
        List.of(line("east-*", Promise.LOCAL, EAST), line("all-*", Promise.ALL, EAST, WEST));
    announced(
        "PUT",
        Optional.of(PlacingText.write(new Placing(generation, sites, lines, Promise.LOCAL))));
  }

  private static Placing.Line line(String container, Promise promise, MemberId... sites) {
    return new Placing.Line(
        new Placement.Rule(
            Optional.empty(),
            Optional.of(container),
            Optional.empty(),
            Optional.empty(),
            Arrays.asList(sites)),
        promise);
  }

  private void announced(String method, Optional<String> text) throws Exception {
    SwiftUser service = pair.lab.site("east").user(SwiftLogin.RESELLER);
    String container = "/v1/AUTH_cotidal/cotidal-placing";
    for (String target : List.of(container, container + "/media")) {
      if (method.equals("PUT") || target.endsWith("/media")) {
        RawRequest request = RawRequest.of(method, target).with("X-Auth-Token", service.token());
        String body = target.endsWith("/media") ? text.orElse("") : "";
        assertThat(service.ask(request.with(RawBody.of(body))).status()).isLessThan(300);
      }
    }
  }

  @Test
  @DisplayName("told to end it takes nobody new, lets an upload end, and ends with 0")
  void ended() throws Exception {
    told(client.put("/ending"), 201, "pending");
    pair.settled();
    long before = eastGate.metric("received_bytes_total");
    byte[] half = new byte[200_000];
    Arrays.fill(half, (byte) 'x');
    CompletableFuture<RawAnswer> answer;
    try (PipedOutputStream feed = new PipedOutputStream()) {
      RawBody body = RawBody.chunked(new PipedInputStream(feed, half.length));
      answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return client.put("/ending/object", body);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              Thread::startVirtualThread);
      feed.write(half);
      feed.flush();
      soon(() ->
          assertThat(eastGate.metric("received_bytes_total"))
              .isGreaterThanOrEqualTo(before + half.length));
      eastGate.terminate();
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThatThrownBy(
                      () -> new Socket(InetAddress.getLoopbackAddress(), eastGate.port).close())
                  .isInstanceOf(IOException.class));
      assertThat(eastGate.alive()).isTrue();
      feed.write(half);
    }
    assertThat(answer.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
    assertThat(eastGate.exit()).as(() -> eastGate.log()).isZero();
    assertThat(east.head("/ending/object").header("Content-Length"))
        .contains(String.valueOf(2 * half.length));
    eastGate.again();
  }

  private String fails(String... words) throws Exception {
    Process process =
        pair.lab.registry.start(
            new ProcessBuilder(GatewayLab.command(words)).redirectErrorStream(true));
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(1);
    return said.lines().filter(line -> line.startsWith("cot: ")).findFirst().orElse(said);
  }

  @Test
  @DisplayName("what keeps it from starting is said in one line, and it ends with 1")
  void notStarted() throws Exception {
    assertThat(fails("media", "--site", "east", "--config", pair.configuration.toString()))
        .startsWith("cot: gateway objects/media at east: the outbox ")
        .contains(pair.lab.folder.resolve("gateway-east").toString());
    Path taken = pair.lab.folder.resolve("taken.yaml");
    Files.writeString(
        taken,
        Files.readString(pair.configuration)
            .replace("gateway-east", "gateway-other")
            .replace("gateway-west", "gateway-third"));
    assertThat(fails("media", "--site", "east", "--config", taken.toString()))
        .startsWith("cot: gateway objects/media at east: cannot listen on ")
        .endsWith("end what listens there, or give another address");
  }
}
