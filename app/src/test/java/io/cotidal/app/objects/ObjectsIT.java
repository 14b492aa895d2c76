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
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.steps.Proofs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    lab = SitesLab.open();
    east = lab.east.user(SwiftLogin.TESTER);
    west = lab.west.user(SwiftLogin.TESTER);
    daemon = new StartedDaemon(lab.configure());
    api = ResourceApi.of(lab.port, daemon.token(), "objects/" + SitesLab.KEPT);
    watched = ResourceApi.of(lab.port, daemon.token(), "objects/" + SitesLab.WATCHED);
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
      "objects/S5: what a client writes to a site itself is at the other within a comparison")
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
  @DisplayName("what is removed at one site is removed at the other")
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
    lab.west.kill();
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("site-silent"));
    for (int i = 0; i < 20; i++) {
      east.put("/new" + i, RawHeader.of("X-Container-Meta-N", "" + i));
      east.put("/new" + i + "/one", RawBody.of("one " + i));
    }
    east.delete("/photos/p1");
    lab.west.start();
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
    for (int i = 2; i < 9; i++) {
      east.delete("/photos/p" + i);
    }
    soon(() -> assertThat(api.code()).as(api.story()).isEqualTo("deletions-held"));
    assertThat(west.names("/photos")).hasSize(8);
    Node questions = api.ask("containers", Map.of());
    assertThat(String.valueOf(questions.value())).contains("photos", "7 deletions");
    soon(() -> assertThat(proposal()).isNotEmpty());
    long number = Long.parseLong(proposal().getFirst().text("id").split("#")[1]);
    assertThat(api.operate(number, "approve")).isEqualTo(200);
    soon(() -> assertThat(west.names("/photos")).containsExactly("p9"));
    equal();
  }

  private List<Node> proposal() {
    return ResourceApi.operations(api.view()).stream()
        .filter(each -> each.text("type").equals("delete-objects"))
        .filter(each -> each.text("state").equals("proposed"))
        .toList();
  }

  @Test
  @Order(5)
  @DisplayName("a report says that both are the same, and its signature holds")
  void proved() throws Exception {
    Node done = api.act("prove", Map.of());
    assertThat(done.text("state")).as(done.toString()).isEqualTo("done");
    Path proofs = lab.folder.resolve(SitesLab.KEPT).resolve("proofs");
    List<Path> reports;
    try (var files = Files.list(proofs)) {
      reports = files.filter(file -> file.toString().endsWith(".jsonl")).toList();
    }
    assertThat(reports).hasSize(1);
    assertThat(Proofs.verify(reports.getFirst(), Files.readString(proofs.resolve("proof.pub"))))
        .isTrue();
    assertThat(Files.readString(reports.getFirst())).contains("\"differing\":0", "\"equal\":true");
  }

  @Test
  @Order(6)
  @DisplayName("who only looks changes nothing, and says what differs")
  void observed() throws Exception {
    SwiftUser mine = lab.east.user(SwiftLogin.OTHER);
    SwiftUser other = lab.west.user(SwiftLogin.OTHER);
    mine.put("/quiet");
    mine.put("/quiet/one", RawBody.of("one"));
    soon(() -> assertThat(watched.code()).as(watched.story()).isEqualTo("differs"));
    await()
        .during(Duration.ofSeconds(6))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(other.head("/quiet").status()).isEqualTo(404));
    assertThat(String.valueOf(watched.ask("containers", Map.of()).value())).contains("quiet");
  }

  @Test
  @Order(7)
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
    try (var all = Files.walk(lab.folder.resolve(SitesLab.KEPT))) {
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
