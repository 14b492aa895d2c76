package io.cotidal.app.copies;

import static io.cotidal.app.copies.Jdbc.COUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.CopiesLab.Template;
import io.cotidal.app.copies.Myaas.Answer;
import io.cotidal.cli.api.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DB replicator's calls, answers and oddities over a daemon with servers of both engines. */
@Timeout(120)
@DisplayName("DB replicator's API over a daemon")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OriginalApiIT {
  private static final String SHOP = "shop";

  /** Another template, and what the link of a copy b of the first would be called. */
  private static final String SHOP_B = "shop-b";

  private static final String EMPTY = "empty";
  private static final Duration LONG = Duration.ofSeconds(60);

  private CopiesLab lab;
  private StartedDaemon daemon;
  private Api api;
  private int door;
  private Myaas ann;
  private String annsToken;

  @BeforeAll
  void open() throws Exception {
    lab = CopiesLab.open();
    door = lab.registry.port();
    String dump = lab.dump("shop.sql", 20, "gold").toString();
    daemon =
        new StartedDaemon(
            lab.configure(
                List.of(
                    new Template(SHOP, "mariadb", Map.of("dump", dump, "links", "true")),
                    new Template(SHOP_B, "postgres", Map.of("dump", dump, "links", "true")),
                    new Template(EMPTY, "postgres", Map.of("links", "true"))),
                "  compat:\n    listen: 127.0.0.1:" + door + "\n"));
    api = Api.of(lab.port, daemon.token());
    annsToken = api.token("ann", "user");
    ann = Myaas.of(door).basic("any", annsToken);
    for (String template : List.of(SHOP, SHOP_B)) {
      await()
          .atMost(LONG)
          .until(() -> api.view(template).at("ledger").text("generation").equals("g1"));
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

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (String template : List.of(SHOP, SHOP_B)) {
      for (String name : api.items(template, "copy").keySet()) {
        assertThat(api.delete(template, name).status()).as(name).isEqualTo(200);
      }
      await().atMost(LONG).until(() -> lab.places(template).size() == 1);
    }
    assertThat(links()).containsExactlyInAnyOrder(SHOP, SHOP_B);
  }

  private List<String> links() throws Exception {
    List<String> names = new ArrayList<>();
    try (var all = Files.newDirectoryStream(lab.volume.folder().resolve("data"))) {
      all.forEach(link -> names.add(link.getFileName().toString()));
    }
    return names;
  }

  private Path link(String name) {
    return lab.volume.folder().resolve("data").resolve(name);
  }

  @ParameterizedTest(name = "copies/E5: list, create, show, delete in the original''s way, of {1}")
  @CsvSource({"shop,mariadb,mysql", "shop-b,postgres,postgres"})
  void life(String template, String engine, String provider) throws Exception {
    assertThat(ann.get("/").body().text("status")).isEqualTo("Service is running");
    assertThat(ann.get("/").text()).contains("\"databases\":[]");
    assertThat(ann.get("/templates").text()).isEqualTo("{\"templates\":[\"shop\",\"shop-b\"]}\n");
    assertThat(ann.get("/db").text()).isEqualTo("{\"databases\":[]}\n");

    Answer made = ann.create(template, "n1");
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    assertThat(made.type()).startsWith("application/json");
    Node copy = made.body();
    assertThat(made.text()).containsPattern("\"port\":\"[0-9]+\"").contains("\"running\":true");
    assertThat(copy.text("name")).isEqualTo("n1");
    assertThat(copy.text("host")).isEqualTo("127.0.0.1");
    assertThat(copy.text("status")).startsWith("Up ");
    assertThat(copy.number("created")).isBetween(1_700_000_000L, 4_000_000_000L);
    assertThat(made.text()).containsPattern("\"expires_at\":\"[0-9]+\\.[0-9]+\"");
    // The answer means that it can be used, at once and with what it says.
    assertThat(Jdbc.query(Myaas.jdbc(copy, engine), COUNT)).isEqualTo("20");

    Answer again = ann.create(template, "n1");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
    Answer shown = ann.get("/db/" + template + "/n1");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body().text("password")).isEqualTo(copy.text("password"));
    assertThat(shown.body().text("port")).isEqualTo(copy.text("port"));
    assertThat(ann.get("/v1/db/" + template + "/n1").status()).isEqualTo(200);
    Node line = ann.get("/db").body().list("databases").getFirst();
    assertThat(line.text("template")).isEqualTo(template);
    assertThat(line.text("state")).startsWith("Up ");
    assertThat(ann.get("/").text()).contains("\"" + template + ",n1\"");

    Answer all = ann.get("/db/" + template + "/n1?all=true");
    Node container = all.body().at("container");
    assertThat(container.text("Name")).isEqualTo("/myaas-" + template + "-n1");
    assertThat(all.text())
        .contains("\"com.myaas.template\":\"" + template + "\"")
        .contains("\"com.myaas.provider\":\"" + provider + "\"")
        .contains("\"Source\":\"" + link(template + "-n1") + "\"")
        .doesNotContain(copy.text("password"));
    assertThat(link(template)).isDirectory();
    assertThat(link(template + "-n1")).isDirectory();

    Answer gone = ann.delete(template, "n1");
    assertThat(gone.status()).as("%s", gone).isEqualTo(204);
    assertThat(gone.text()).isEmpty();
    assertThat(link(template + "-n1")).doesNotExist();
    assertThat(ann.get("/db/" + template + "/n1").status()).isEqualTo(404);
    assertThat(ann.delete(template, "n1").status()).isEqualTo(404);
  }

  @Test
  @DisplayName("copies/E5: what is not there is 404 in the original's words, and nothing is made")
  void missing() throws Exception {
    Answer template = ann.create("nowhere", "n1");
    assertThat(template.status()).isEqualTo(404);
    assertThat(template.body().text("status")).isEqualTo("Template \"nowhere\" does not exist.");
    for (String path : List.of("/x", "/db/shop", "/db/shop/n1/x", "/db/nowhere/n1")) {
      Answer answer = ann.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.text()).isEqualTo("{\"status\":\"Not found\"}\n");
    }
    assertThat(ann.send("PUT", "/db/shop/n1", "", "").status()).isEqualTo(405);
    assertThat(ann.create(SHOP, "Upper").status()).isEqualTo(400);
    // The original took this for the template shop-b, and removed it.
    assertThat(ann.delete(SHOP, "b").status()).isEqualTo(404);
    assertThat(ann.get("/templates").text()).contains("shop-b");
  }

  @Test
  @DisplayName("copies/E5: a lifetime comes as a form or as JSON, the form first; no number is 400")
  void lifetimes() throws Exception {
    Node form = ann.createForm("/db/shop-b/form", "ttl=500").body();
    assertThat(lives(form)).isBetween(499L, 501L);
    Node json = ann.createJson("/db/shop-b/json", "{\"ttl\": 700}").body();
    assertThat(lives(json)).isBetween(699L, 701L);
    Answer ever = ann.createForm("/db/shop-b/ever", "ttl=0");
    assertThat(ever.status()).isEqualTo(201);
    assertThat(ever.text()).doesNotContain("expires_at");
    Answer bad = ann.createForm("/db/shop-b/bad", "ttl=soon");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.body().text("status")).contains("ttl 'soon'");
    assertThat(ann.get("/db/shop-b/bad").status()).isEqualTo(404);
  }

  private static long lives(Node copy) {
    return Math.round(Double.parseDouble(copy.text("expires_at"))) - copy.number("created");
  }

  @Test
  @DisplayName("copies/B3: of 20 who post one name at once one gets 201, the others 304")
  void raced() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        asked.add(threads.submit(() -> ann.create(SHOP_B, "raced")));
      }
      for (Future<Answer> each : asked) {
        statuses.add(each.get().status());
      }
    }
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 304).hasSize(19);
  }

  @Test
  @DisplayName("copies/E5: a copy that was stopped is told as Docker would; a post of it is 304")
  void stopped() throws Exception {
    assertThat(ann.create(SHOP, "still").status()).isEqualTo(201);
    assertThat(api.act(SHOP, "stop", Map.of("name", "still")).status()).isEqualTo(200);
    Answer shown = ann.get("/db/shop/still");
    assertThat(shown.text()).contains("\"running\":false");
    assertThat(shown.body().text("status")).startsWith("Exited (0) ");
    assertThat(ann.create(SHOP, "still").status()).isEqualTo(304);
  }

  @Test
  @DisplayName("copies/C2: a copy whose link would be another template's is 409; both stay whole")
  void clash() throws Exception {
    Path before = Files.readSymbolicLink(link(SHOP_B));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(ann.create(SHOP, "b").status()).isEqualTo(409));
    assertThat(ann.create(SHOP, "b").body().text("status"))
        .contains("data/shop-b leads to something else already");
    Api.Answer direct = api.create(SHOP, "b");
    assertThat(direct.status()).as("%s", direct).isEqualTo(409);
    assertThat(ann.get("/db/shop/b").status()).isEqualTo(404);
    assertThat(Files.readSymbolicLink(link(SHOP_B))).isEqualTo(before);
    assertThat(lab.places(SHOP)).hasSize(1);
  }

  @Test
  @DisplayName("copies/E5: 423 while the first data is imported, 404 while there is none")
  void importing() throws Exception {
    assertThat(ann.create(EMPTY, "early").status()).isEqualTo(404);
    Path slow = lab.write("slow.sql", "SELECT pg_sleep(60);\n");
    Api.Answer begun = api.act(EMPTY, "import", Map.of("dump", slow.toString()), 0);
    assertThat(begun.status()).as("%s", begun).isEqualTo(202);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Answer early = ann.create(EMPTY, "early");
          assertThat(early.status()).as("%s", early).isEqualTo(423);
          assertThat(early.body().text("status"))
              .isEqualTo("Database not available, content is being imported.");
        });
    assertThat(ann.get("/templates").text()).doesNotContain(EMPTY);
    api.post(begun.location() + "/cancel", Map.of(), 30);
    await().atMost(LONG).until(() -> ann.create(EMPTY, "early").status() == 404);
  }

  @ParameterizedTest(name = "copies/E1: {0} without a token, or with a wrong one, is 401")
  @ValueSource(
      strings = {
        "GET /",
        "GET /templates",
        "GET /db",
        "GET /db/shop/n1",
        "POST /db/shop/n1",
        "DELETE /db/shop/n1",
        "GET /x"
      })
  void strangers(String call) throws Exception {
    String[] words = call.split(" ");
    Myaas nobody = Myaas.of(door);
    for (Myaas stranger :
        List.of(
            nobody, nobody.bearer("wrong"), nobody.basic("any", "wrong"), nobody.basic("x", ""))) {
      Answer answer = stranger.send(words[0], words[1], "", "");
      assertThat(answer.status()).as("%s", answer).isEqualTo(401);
      assertThat(answer.text()).doesNotContain("shop");
    }
    assertThat(api.items(SHOP, "copy")).isEmpty();
  }

  @Test
  @DisplayName(
      "copies/E1: bearer and Basic are one caller; a viewer sees no password and makes nothing; another's copy is not there")
  void callers() throws Exception {
    assertThat(ann.create(SHOP_B, "hers").status()).isEqualTo(201);
    assertThat(Myaas.of(door).bearer(annsToken).get("/db/shop-b/hers").status()).isEqualTo(200);
    Myaas ben = Myaas.of(door).bearer(api.token("ben", "user"));
    assertThat(ben.get("/db/shop-b/hers").status()).isEqualTo(404);
    assertThat(ben.get("/db").text()).isEqualTo("{\"databases\":[]}\n");
    assertThat(ben.delete(SHOP_B, "hers").status()).isEqualTo(404);
    // That a name is taken is told to whoever asks for it.
    assertThat(ben.create(SHOP_B, "hers").status()).isEqualTo(304);
    Myaas eve = Myaas.of(door).bearer(api.token("eve", "viewer"));
    assertThat(eve.create(SHOP_B, "eves").status()).isEqualTo(403);
    assertThat(eve.get("/templates").status()).isEqualTo(200);
    Myaas operator = Myaas.of(door).bearer(api.token("op", "operator"));
    assertThat(operator.get("/db/shop-b/hers").body().text("password")).isNotEmpty();
    assertThat(operator.delete(SHOP_B, "hers").status()).isEqualTo(204);
  }

  @Test
  @DisplayName("copies/E5: cot compat fab does what the fabfile did, with its exit codes")
  void fab() throws Exception {
    CommandLine shell =
        new CommandLine(Map.of("DB_URL", "http://any:" + annsToken + "@127.0.0.1:" + door));
    assertThat(shell.run("compat", "fab", "db.templates").out())
        .isEqualTo("Template\nshop\nshop-b\n");
    CommandLine.Result made = shell.run("compat", "fab", "db.new:shop,n1");
    assertThat(made.exit()).as("%s", made).isZero();
    assertThat(made.out()).startsWith("Host").contains("127.0.0.1", "True");
    CommandLine.Result twice = shell.run("compat", "fab", "db.new:shop,n1");
    assertThat(twice.exit()).isZero();
    assertThat(twice.out()).isEqualTo("This database already exists\n");
    assertThat(shell.run("compat", "fab", "db.ls").out()).containsPattern("shop +n1 +Up ");
    for (String task : List.of("db.info", "db.show")) {
      assertThat(shell.run("compat", "fab", task + ":shop,n1").out()).contains("127.0.0.1");
    }
    assertThat(shell.run("compat", "fab", "db.container:shop,n1").out()).contains("/myaas-shop-n1");
    CommandLine.Result line = shell.run("compat", "fab", "db.shell:shop,n1");
    assertThat(line.exit()).isZero();
    assertThat(line.out()).startsWith("mysql -uapp -p");
    assertThat(asked(line.out().strip())).isEqualTo("20");
    CommandLine.Result gone = shell.run("compat", "fab", "db.rm:shop,n1");
    assertThat(gone.exit()).isZero();
    assertThat(gone.out()).isEqualTo("Database deleted\n");
    for (String task : List.of("db.rm:shop,n1", "db.info:shop,n1", "db.new:nowhere,n1")) {
      CommandLine.Result none = shell.run("compat", "fab", task);
      assertThat(none.exit()).as(task).isEqualTo(1);
      assertThat(none.err()).as(task).isNotEmpty();
    }
    CommandLine deaf = new CommandLine(Map.of("DB_URL", "http://127.0.0.1:" + lab.registry.port()));
    assertThat(deaf.run("compat", "fab", "db.ls").exit()).isEqualTo(1);
  }

  /** Runs the printed line as a person would, with a question behind it. */
  private String asked(String line) throws Exception {
    Path output = lab.folder.resolve("line.out");
    Process process =
        new ProcessBuilder("/bin/sh", "-c", line + " --skip-column-names -e '" + COUNT + "'")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    return Files.readString(output).strip();
  }

  @Test
  @DisplayName(
      "copies/E5: cot compat update imports every template that has a dump, and nobody stops anything")
  void update() throws Exception {
    assertThat(ann.create(SHOP, "before").status()).isEqualTo(201);
    CommandLine shell =
        new CommandLine(
            Map.of("COT_SERVER", "http://127.0.0.1:" + lab.port, "COT_TOKEN", daemon.token()));
    String old = api.view(SHOP_B).at("ledger").text("generation");
    CommandLine.Result updated = shell.run("compat", "update", "--wait");
    // One of the templates has no dump: that is said, and the others are imported all the same.
    assertThat(updated.exit()).as("%s", updated).isEqualTo(1);
    assertThat(updated.err()).contains("copies/empty", "name a dump");
    assertThat(api.view(SHOP_B).at("ledger").text("generation"))
        .as("%s", updated)
        .isNotEqualTo(old);
    assertThat(ann.get("/db/shop/before").text()).contains("\"running\":true");
    assertThat(ann.create(SHOP, "after").status()).isEqualTo(201);
  }
}
