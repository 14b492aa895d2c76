package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.app.copies.CopiesLab.Template;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, and what nobody sees. */
@Timeout(120)
@DisplayName("access to copies")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CopiesAccessIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Two templates whose joined names meet: of the second, a copy is called b. */
  private static final String JOINED = "a-b";

  private static final String PLAIN = "a";

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Api admin;
  private Api ann;
  private Api ben;

  @BeforeAll
  void open() throws Exception {
    lab = CopiesLab.open();
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("dump", lab.dump("shop.sql", 20, "gold").toString());
    keys.put("per-owner", "2");
    Map<String, String> maria = new LinkedHashMap<>(keys);
    maria.put("first-uid", "300000");
    daemon =
        new StartedDaemon(
            lab.configure(
                List.of(
                    new Template(PLAIN, "postgres", keys),
                    new Template(JOINED, "mariadb", maria))));
    admin = Api.of(lab.port, daemon.token());
    ann = admin.as(admin.token("ann", "user"));
    ben = admin.as(admin.token("ben", "user"));
    for (String template : List.of(PLAIN, JOINED)) {
      await()
          .atMost(LONG)
          .until(() -> admin.view(template).at("ledger").text("generation").equals("g1"));
    }
  }

  @AfterAll
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void made(Api who, String template, String name) throws Exception {
    Answer answer = who.create(template, name);
    assertThat(answer.status()).as("%s", answer).isEqualTo(201);
  }

  private void gone(String template, String... names) throws Exception {
    for (String name : names) {
      assertThat(admin.delete(template, name).status()).as(name).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("copies/E1: without a token nothing is answered but that the daemon lives")
  void nobody() throws Exception {
    made(ann, PLAIN, "hers");
    for (Api stranger : List.of(admin.as(""), admin.as("wrong"))) {
      assertThat(stranger.get(Api.RESOURCES + PLAIN).status()).isEqualTo(401);
      assertThat(stranger.get(Api.RESOURCES + PLAIN + "/items").status()).isEqualTo(401);
      assertThat(stranger.get(Api.RESOURCES + PLAIN + "/items/copy/hers/access").status())
          .isEqualTo(401);
      assertThat(stranger.create(PLAIN, "none").status()).isEqualTo(401);
      assertThat(stranger.delete(PLAIN, "hers").status()).isEqualTo(401);
    }
    gone(PLAIN, "hers");
  }

  @Test
  @DisplayName("copies/E1: another user's copy is not there: not to see, reach, reset or delete")
  void others() throws Exception {
    made(ann, PLAIN, "hers");
    assertThat(ann.items(PLAIN, "copy")).containsKey("hers");
    assertThat(ben.items(PLAIN, "copy")).isEmpty();
    assertThat(ben.get(Api.RESOURCES + PLAIN + "/items/copy/hers").status()).isEqualTo(404);
    assertThat(ben.get(Api.RESOURCES + PLAIN + "/items/copy/hers/access").status()).isEqualTo(404);
    for (String action : List.of("reset", "delete", "stop", "start", "renew", "compare")) {
      Answer answer = ben.act(PLAIN, action, Map.of("name", "hers"));
      assertThat(answer.status()).as("%s: %s", action, answer).isEqualTo(404);
    }
    assertThat(ben.get(Api.RESOURCES + PLAIN).text()).doesNotContain("hers");
    assertThat(ben.get("/api/v1/events?limit=500").text()).doesNotContain("hers");
    assertThat(ben.act(PLAIN, "import", Map.of()).status()).isEqualTo(403);
    assertThat(Jdbc.query(ann.jdbc(PLAIN, "hers"), Jdbc.COUNT)).isEqualTo("20");
    assertThat(ann.delete(PLAIN, "hers").status()).isEqualTo(200);
  }

  @Test
  @DisplayName("copies/E1: who has as many copies as one may is told so, and others go on")
  void quota() throws Exception {
    made(ann, PLAIN, "first");
    made(ann, PLAIN, "second");
    Answer third = ann.create(PLAIN, "third");
    assertThat(third.status()).as("%s", third).isEqualTo(429);
    assertThat(third.text()).contains("ann has 2 copies");
    made(ben, PLAIN, "third");
    gone(PLAIN, "first", "second", "third");
  }

  @Test
  @DisplayName("copies/E2: a password is told to its owner and stands nowhere else")
  void canary() throws Exception {
    for (String template : List.of(PLAIN, JOINED)) {
      made(ann, template, "secret");
      String password = String.valueOf(ann.access(template, "secret").get("password"));
      assertThat(password).hasSizeGreaterThan(15);
      assertThat(Jdbc.query(ann.jdbc(template, "secret"), Jdbc.COUNT)).isEqualTo("20");
      assertThat(ann.act(template, "reset", Map.of("name", "secret")).status()).isEqualTo(200);
      assertThat(seen(password)).as("%s, processes", template).isEmpty();
      assertThat(holding(lab.folder, password)).as("%s, store and log", template).isEmpty();
      assertThat(holding(lab.volume.folder(), password)).as("%s, volume", template).isEmpty();
      for (String path :
          List.of(
              Api.RESOURCES + template,
              Api.RESOURCES + template + "/items",
              Api.RESOURCES + template + "/items/copy/secret",
              Api.RESOURCES + template + "/operations?limit=500",
              "/api/v1/events?limit=1000")) {
        assertThat(admin.get(path).text()).as(path).isNotEmpty().doesNotContain(password);
      }
      gone(template, "secret");
    }
  }

  /** Processes that have the text in their arguments or their environment. */
  private static List<String> seen(String text) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        for (String file : List.of("cmdline", "environ")) {
          try {
            if (latin(process.resolve(file)).contains(text)) {
              found.add(process + "/" + file);
            }
          } catch (IOException e) {
            // It ended meanwhile.
          }
        }
      }
    }
    return found;
  }

  private static List<String> holding(Path folder, String text) throws IOException {
    List<String> found = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (Files.size(file) < 64L << 20 && latin(file).contains(text)) {
          found.add(file.toString());
        }
      }
    }
    return found;
  }

  private static String latin(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  @Test
  @DisplayName("copies/E3: a copy listens on the configured address alone, and only with TLS")
  void addresses() throws Exception {
    for (String template : List.of(PLAIN, JOINED)) {
      made(ann, template, "shut");
      int port = Integer.parseInt(ann.items(template, "copy").get("shut").at("facts").text("port"));
      new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
      assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.2"), port).close())
          .isInstanceOf(ConnectException.class);
      String url = ann.jdbc(template, "shut");
      String clear =
          url.replace("sslMode=verify-ca", "sslMode=disable")
              .replaceAll("sslmode=verify-[a-z]+", "sslmode=disable");
      assertThat(clear).isNotEqualTo(url);
      assertThatThrownBy(() -> Jdbc.query(clear, "SELECT 1")).isInstanceOf(SQLException.class);
      assertThat(Jdbc.query(url, "SELECT 1")).isEqualTo("1");
      gone(template, "shut");
    }
  }

  @ParameterizedTest(name = "copies/C1: a copy cannot be called {0}")
  @ValueSource(
      strings = {
        "..",
        "../x",
        "a/b",
        "%2e%2e%2f",
        "a\u0000b",
        "\u0430dmin",
        "a;rm -rf",
        "`id`",
        "'; DROP TABLE customers; --",
        "--help",
        "-x",
        "CON",
        "Upper",
        "",
        " ",
        "a b",
        ".hidden",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void hostile(String name) throws Exception {
    var before = lab.places(PLAIN);
    Answer answer = ann.create(PLAIN, name);
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.text()).contains("name");
    assertThat(ann.delete(PLAIN, name).status()).isEqualTo(400);
    assertThat(lab.places(PLAIN)).isEqualTo(before);
  }

  @Test
  @DisplayName("copies/C2: the template a-b and the copy b of the template a do not meet")
  void joined() throws Exception {
    made(ann, PLAIN, "b");
    made(ann, JOINED, "b");
    assertThat(ann.jdbc(PLAIN, "b")).startsWith("jdbc:postgresql");
    assertThat(ann.jdbc(JOINED, "b")).startsWith("jdbc:mariadb");
    gone(PLAIN, "b");
    assertThat(Jdbc.query(ann.jdbc(JOINED, "b"), Jdbc.COUNT)).isEqualTo("20");
    made(ann, JOINED, "again");
    gone(JOINED, "b", "again");
  }
}
