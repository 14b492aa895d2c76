package io.cotidal.app.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftOptions;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.steps.Proofs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.slf4j.LoggerFactory;

/** One namespace over two real sites under a whole daemon. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("a namespace over two sites")
final class ObjectsIT {
  private static final Duration LONG = Duration.ofSeconds(90);

  /** What is kept equal. */
  private static final String KEPT = "media";

  /** What is only looked at. */
  private static final String WATCHED = "watched";

  private static final String TEMPURL = "temporary-url-key-of-a-client";

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private SitesLab lab;
  private StartedDaemon daemon;
  private ResourceApi api;
  private ResourceApi watched;
  private SwiftUser east;
  private SwiftUser west;

  @BeforeAll
  void open() throws Exception {
    lines.start();
    ((Logger) LoggerFactory.getLogger("io.cotidal")).addAppender(lines);
    lab = SitesLab.open(SwiftOptions.named("east"), SwiftOptions.named("west"));
    east = lab.site("east").user(SwiftLogin.TESTER);
    west = lab.site("west").user(SwiftLogin.TESTER);
    List<String> both = lab.at("east", "west");
    daemon =
        new StartedDaemon(
            lab.configure(
                new SitesLab.Space(KEPT, "manage", SwiftLogin.TESTER, "", both),
                new SitesLab.Space(WATCHED, "observe", SwiftLogin.OTHER, "", both)));
    api = ResourceApi.of(lab.port, daemon.token(), "objects/" + KEPT);
    watched = ResourceApi.of(lab.port, daemon.token(), "objects/" + WATCHED);
  }

  @AfterAll
  void close() throws Exception {
    ((Logger) LoggerFactory.getLogger("io.cotidal")).detachAppender(lines);
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void soon(ThrowingRunnable holds) {
    await().atMost(LONG).untilAsserted(holds);
  }

  private void equal() {
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("equal"));
  }

  @Test
  @Order(1)
  @DisplayName(
      "objects/S1, objects/S5: what a client writes to a site itself is at the other within a comparison")
  void mirrored() throws Exception {
    east.put(
        "/photos",
        RawHeader.of("X-Container-Meta-Colour", "blue"),
        RawHeader.of("X-Container-Meta-Temp-URL-Key", TEMPURL),
        RawHeader.of("X-Container-Read", ".r:*,.rlistings"));
    for (int i = 0; i < 10; i++) {
      east.put("/photos/p" + i, RawBody.of("picture " + i), RawHeader.of("X-Object-Meta-N", "x"));
    }
    soon(() -> {
      assertThat(west.head("/photos").status()).isEqualTo(204);
      assertThat(west.names("/photos")).hasSize(10);
      assertThat(west.head("/photos").header("X-Container-Meta-Colour")).contains("blue");
      assertThat(west.head("/photos").header("X-Container-Read")).contains(".r:*,.rlistings");
      assertThat(west.get("/photos/p7").text()).isEqualTo("picture 7");
    });
    assertThat(west.head("/photos/p7").header("X-Object-Meta-N")).contains("x");
    equal();
  }

  @Test
  @Order(2)
  @DisplayName("objects/S1: what is removed at one site is removed at the other")
  void removed() throws Exception {
    west.put("/gone");
    soon(() -> assertThat(east.head("/gone").status()).isEqualTo(204));
    equal();
    west.post("/photos", RawHeader.of("X-Remove-Container-Meta-Colour", "x"));
    west.delete("/photos/p0");
    west.delete("/gone");
    soon(() -> {
      assertThat(east.head("/photos").header("X-Container-Meta-Colour")).isEmpty();
      assertThat(east.names("/photos")).hasSize(9);
      assertThat(east.head("/gone").status()).isEqualTo(404);
    });
    equal();
  }

  @Test
  @Order(3)
  @DisplayName(
      "objects/S2, objects/S10: a site that was dead gets what it missed, and gives nothing back")
  void dead() throws Exception {
    lab.site("west").kill();
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("site-silent"));
    for (int i = 0; i < 20; i++) {
      east.put("/new" + i, RawHeader.of("X-Container-Meta-N", "" + i));
      east.put("/new" + i + "/one", RawBody.of("one " + i));
    }
    east.delete("/photos/p1");
    lab.site("west").start();
    // Its tokens died with it.
    west.forget();
    soon(() -> {
      for (int i = 0; i < 20; i++) {
        assertThat(west.head("/new" + i).header("X-Container-Meta-N")).contains("" + i);
        assertThat(west.get("/new" + i + "/one").text()).isEqualTo("one " + i);
      }
      assertThat(west.names("/photos")).hasSize(8).doesNotContain("p1");
    });
    equal();
    assertThat(east.names("/photos")).hasSize(8).doesNotContain("p1");
  }

  @Test
  @Order(4)
  @DisplayName("objects/S20: many deletions at once wait for somebody's word")
  void braked() throws Exception {
    // Else what a comparison in their midst finds are few.
    assertThat(api.say("pause")).isEqualTo(200);
    for (int i = 2; i < 9; i++) {
      east.delete("/photos/p" + i);
    }
    assertThat(api.say("resume")).isEqualTo(200);
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("deletions-held"));
    assertThat(west.names("/photos")).hasSize(8);
    // A site's list may learn of a deletion late, and a proposal of fewer gives way to one of all.
    soon(() ->
        assertThat(String.valueOf(api.ask("containers", Map.of()).value()))
            .contains("photos", "7 deletions"));
    soon(() -> assertThat(approved()).isTrue());
    soon(() -> assertThat(west.names("/photos")).containsExactly("p9"));
    equal();
  }

  /** Whether the proposal that stands was there to be approved. */
  private boolean approved() throws Exception {
    List<Node> proposals = proposal();
    if (proposals.isEmpty()) {
      return false;
    }
    long number = Long.parseLong(proposals.getFirst().text("id").split("#")[1]);
    // It may go on when the answer comes.
    int answer = api.operate(number, "approve");
    return answer >= 200 && answer <= 202;
  }

  private List<Node> proposal() {
    return ResourceApi.operations(api.view()).stream()
        .filter(each -> each.text("type").equals("delete-objects"))
        .filter(each -> each.text("state").equals("proposed"))
        .toList();
  }

  @Test
  @Order(5)
  @DisplayName(
      "objects/S16, objects/S17: large objects and versions come along, and all is proved to be the same")
  void proved() throws Exception {
    large();
    versions();
    equal();
    Path report = prove();
    Path key = report.resolveSibling("proof.pub");
    assertThat(Proofs.verify(report, Files.readString(key))).isTrue();
    assertThat(Files.readString(report)).contains("\"differing\":0", "\"unknown\":0");
    assertThat(Files.readAllLines(report).getLast()).contains("\"equal\":true");
  }

  /** A manifest of either sort: what a site lists of one is its own affair. */
  private void large() throws Exception {
    east.put("/parts");
    east.put("/parts/d1", RawBody.of("one,"));
    east.put("/parts/d2", RawBody.of("two"));
    east.put("/large");
    String manifest = "[{\"path\": \"/parts/d1\"}, {\"path\": \"/parts/d2\"}]";
    assertThat(east.put("/large/fixed?multipart-manifest=put", RawBody.of(manifest)).status())
        .isEqualTo(201);
    assertThat(east.put("/large/dynamic", RawHeader.of("X-Object-Manifest", "parts/d")).status())
        .isEqualTo(201);
    assertThat(east.put("/large/link", RawHeader.of("X-Symlink-Target", "parts/d1")).status())
        .isEqualTo(201);
    soon(() -> {
      assertThat(west.get("/large/fixed").text()).as(api.story()).isEqualTo("one,two");
      assertThat(west.get("/large/dynamic").text()).isEqualTo("one,two");
      assertThat(west.get("/large/link").text()).isEqualTo("one,");
    });
  }

  /** What was there before, versions, and what stands for a deletion, at either site. */
  private void versions() throws Exception {
    east.put("/versions");
    east.put("/versions/o", RawBody.of("before"));
    east.post("/versions", RawHeader.of("X-Versions-Enabled", "true"));
    east.put("/versions/o", RawBody.of("after"));
    east.delete("/versions/o");
    east.put("/versions/p", RawBody.of("p"));
    soon(() -> assertThat(kept(west)).isEqualTo(4));
    west.delete("/versions/p");
    soon(() -> assertThat(kept(east)).isEqualTo(5));
    assertThat(west.get("/versions/o").status()).isEqualTo(404);
    assertThat(east.get("/versions/p").status()).isEqualTo(404);
  }

  private static int kept(SwiftUser user) throws Exception {
    return user.get("/versions?versions&format=json").text().split("version_id", -1).length - 1;
  }

  /** The report on everything. */
  private Path prove() throws Exception {
    Node done = api.act("prove", Map.of());
    assertThat(done.text("state")).as(done.toString()).isEqualTo("done");
    Path proofs = lab.folder.resolve(KEPT).resolve("proofs");
    try (var files = Files.list(proofs)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  @Test
  @Order(6)
  @DisplayName("objects/S19: one byte of one object differs, and the report names that object")
  void oneByte() throws Exception {
    assertThat(api.say("pause")).isEqualTo(200);
    String time = "1716000000.12345";
    assertThat(SitesLab.write(lab.site("east"), "/photos/same", time, "picture A")).isEqualTo(201);
    assertThat(SitesLab.write(lab.site("west"), "/photos/same", time, "picture B")).isEqualTo(201);
    Path report = prove();
    List<String> lines = Files.readAllLines(report);
    assertThat(lines.getLast()).contains("\"differing\":1", "\"equal\":false");
    List<String> differ = lines.stream().filter(line -> line.contains("\"differs\"")).toList();
    assertThat(differ).hasSize(1);
    assertThat(differ.getFirst())
        .contains("\"container\":\"photos\"", "\"same\":{")
        .doesNotContain("p9");
    assertThat(api.say("resume")).isEqualTo(200);
    soon(() ->
        assertThat(west.get("/photos/same").text()).isEqualTo(east.get("/photos/same").text()));
    equal();
    assertThat(Files.readAllLines(prove()).getLast()).contains("\"equal\":true");
  }

  @Test
  @Order(7)
  @DisplayName("who only looks changes nothing, and says what differs")
  void observed() throws Exception {
    SwiftUser mine = lab.site("east").user(SwiftLogin.OTHER);
    SwiftUser other = lab.site("west").user(SwiftLogin.OTHER);
    mine.put("/quiet");
    mine.put("/quiet/one", RawBody.of("one"));
    soon(() -> assertThat(watched.code()).as(watched.story()).isEqualTo("differs"));
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(other.head("/quiet").status()).isEqualTo(404));
    assertThat(String.valueOf(watched.ask("containers", Map.of()).value())).contains("quiet");
  }

  @Test
  @Order(8)
  @DisplayName("objects/S22: no secret is in the log or in an answer, and none in our files")
  void secrets() throws Exception {
    String log =
        IntStream.range(0, lines.list.size())
            .mapToObj(i -> lines.list.get(i).getFormattedMessage())
            .collect(Collectors.joining("\n"));
    String answers =
        api.story()
            + watched.story()
            + api.ask("containers", Map.of()).value()
            + api.ask("conflicts", Map.of()).value();
    StringBuilder files = new StringBuilder();
    try (var all = Files.walk(lab.folder.resolve(KEPT))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.append(
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    String key = west.head("/photos").header("X-Container-Sync-Key").orElseThrow();
    for (String secret :
        List.of(SitesLab.REALM_KEY, SwiftLogin.RESELLER.key().reveal(), TEMPURL, key)) {
      assertThat(log).doesNotContain(secret);
      assertThat(answers).doesNotContain(secret);
      assertThat(files.toString()).doesNotContain(secret);
    }
  }
}
