package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.StartedDaemon;
import io.cotidal.app.copies.Api.Answer;
import io.cotidal.cli.api.Node;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Templates that are made of a real cluster's archive in two folders, as it was at a moment. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisplayName("templates of an archive")
final class ArchivedCopiesIT {
  private static final String SHOP = "shop";
  private static final String THEN = "then";
  private static final String ALONE = "alone";
  private static final String ORDERS = "/api/v1/resources/postgres/orders";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String ROWS = "SELECT string_agg(n::text, ',' ORDER BY n) FROM public.item";

  private ReplicaLab lab;
  private StartedDaemon daemon;
  private Api api;
  private Path first;
  private Path second;

  /** Between rows 2 and 3. */
  private String time = "";

  /** Between rows 3 and 4. */
  private String lsn = "";

  @BeforeAll
  void open() throws Exception {
    lab = ReplicaLab.open(false);
    first = repository("first one's archive");
    second = repository("second");
    lab.archiveInto(first, second);
    daemon = new StartedDaemon(lab.configure("copies:\n" + lab.template(SHOP, "")));
    api = Api.of(lab.copies.port, daemon.token());
    await().atMost(LONG).until(() -> code().equals("not-created"));
    assertThat(api.post(ORDERS + "/create", Map.of(), 60).status()).isEqualTo(200);
    await().atMost(LONG).until(() -> code().equals("healthy"));
    lab.run("a", "postgres", "CREATE DATABASE shop");
    lab.run(
        "a",
        "shop",
        "CREATE TABLE item (n int)",
        "INSERT INTO item VALUES (1)",
        "CREATE ROLE clerk LOGIN SUPERUSER PASSWORD 'clerk-of-the-source'",
        "CREATE ROLE boss IN ROLE pg_execute_server_program, clerk",
        "CREATE SUBSCRIPTION back CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p"
            + " WITH (connect = false)");
    Answer backup = api.post(ORDERS + "/backup", Map.of(), 60);
    assertThat(backup.body().text("state")).as("%s", backup).isEqualTo("done");
    lab.run("a", "shop", "INSERT INTO item VALUES (2)");
    time =
        lab.ask(
            "a", "shop", "SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.USTZH:TZM')");
    // The base backup's end is told to the second.
    await().until(() -> later(time).equals("t"));
    time =
        lab.ask(
            "a", "shop", "SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.USTZH:TZM')");
    lab.run("a", "shop", "INSERT INTO item VALUES (3)");
    lsn = lab.ask("a", "shop", "SELECT pg_current_wal_insert_lsn()");
    lab.run(
        "a",
        "shop",
        "INSERT INTO item VALUES (4)",
        "SELECT pg_create_restore_point('before the drop')",
        "DROP TABLE item");
    archived();
  }

  private String later(String than) throws Exception {
    return lab.ask(
        "a", "shop", "SELECT clock_timestamp() > '" + than + "'::timestamptz + interval '1.1 s'");
  }

  private Path repository(String name) throws IOException {
    Path folder = Files.createDirectory(lab.cluster.folder().resolve(name));
    Optional<OsUser> account = new LocalProcesses().user(lab.cluster.user());
    if (account.isPresent()) {
      account.get().own(folder);
    }
    return folder;
  }

  /** Ends the segment, and waits until both repositories have it. */
  private void archived() throws Exception {
    String name = lab.ask("a", "shop", "SELECT pg_walfile_name(pg_switch_wal())");
    await()
        .atMost(LONG)
        .until(() -> Files.exists(first.resolve(name)) && Files.exists(second.resolve(name)));
  }

  private String code() throws Exception {
    return api.get(ORDERS).body().at("diagnosis").text("code");
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

  private String archive(String name, String more) {
    return lab.template(
        name,
        "from-archive: {folder: \"%s\", second: {folder: \"%s\"}}".formatted(first, second),
        more);
  }

  private void again(String templates) throws Exception {
    var configuration = lab.configure("copies:\n" + templates);
    daemon.close();
    daemon = new StartedDaemon(configuration);
    api = Api.of(lab.copies.port, daemon.token());
  }

  private Node imported(String template, Map<String, Object> input) throws Exception {
    Answer answer = api.act(template, "import", input);
    assertThat(answer.body().text("state")).as("%s", answer).isEqualTo("done");
    String generation = api.view(template).at("ledger").text("generation");
    return api.items(template, "generation").get(generation).at("facts");
  }

  /** What a copy of the current generation answers; the copy goes again. */
  private String asked(String template, String sql) throws Exception {
    assertThat(api.create(template, "look").status()).isEqualTo(201);
    try {
      return Jdbc.query(api.jdbc(template, "look"), sql);
    } finally {
      assertThat(api.delete(template, "look").status()).isEqualTo(200);
    }
  }

  /** All files of the repositories with what would change if somebody wrote there. */
  private Map<String, String> stock() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (Path folder : List.of(first, second)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.toList()) {
          found.put(file.toString(), Files.size(file) + "@" + Files.getLastModifiedTime(file));
        }
      }
    }
    return found;
  }

  private String failed(Map<String, Object> input) throws Exception {
    return failed(THEN, input);
  }

  private String failed(String template, Map<String, Object> input) throws Exception {
    Answer answer = api.act(template, "import", input);
    assertThat(answer.body().text("state")).as("%s", answer).isEqualTo("failed");
    assertThat(answer.body().text("note")).doesNotContain("\n");
    assertThat(lab.copies.places(template)).isEqualTo(api.places(template, "generation"));
    assertThat(lab.copies.servers().list()).as("servers on the volume").isEmpty();
    return answer.body().text("note");
  }

  @Test
  @Order(1)
  @DisplayName(
      "postgres/S31: a template of a running cluster is what that was at a time; then it is up to"
          + " date again")
  void ofTheCluster() throws Exception {
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(api.view(SHOP).at("ledger").text("generation"))
                .as("%s", api.view(SHOP).list("operations"))
                .isNotEmpty());
    Node facts = imported(SHOP, Map.of("to-time", time));
    System.out.println("measured: a moment out of the archive: " + facts.value());
    assertThat(facts.text("to")).startsWith("the time 2");
    assertThat(facts.text("said")).startsWith("recovery stopping before commit of transaction");
    assertThat(facts.text("verified")).isEqualTo("yes");
    assertThat(facts.text("repository")).isEqualTo(first.toString());
    assertThat(asked(SHOP, ROWS)).isEqualTo("1,2");
    assertThat(code()).isEqualTo("healthy");
    imported(SHOP, Map.of());
    assertThat(asked(SHOP, "SELECT to_regclass('public.item') IS NULL")).isEqualTo("t");
  }

  @Test
  @Order(2)
  @DisplayName(
      "copies/A7: what is made of an archive is a cluster of its own: it archives nothing, follows"
          + " nobody, lets nobody of the source in, and leaves the archive as it was")
  void apart() throws Exception {
    again(archive(THEN, ""));
    await().atMost(LONG).until(() -> code().equals("healthy"));
    assertThat(api.view(THEN).at("diagnosis").text("code")).isEqualTo("no-generation");
    archived();
    Map<String, String> before = stock();
    Node facts = imported(THEN, Map.of("to-name", "before the drop"));
    assertThat(facts.text("said")).contains("recovery stopping at restore point");
    assertThat(facts.text("cluster"))
        .isEqualTo(lab.ask("a", "shop", "SELECT system_identifier FROM pg_control_system()"));
    assertThat(api.create(THEN, "one").status()).isEqualTo(201);
    String one = api.jdbc(THEN, "one");
    assertThat(Jdbc.query(one, ROWS)).isEqualTo("1,2,3,4");
    Jdbc.execute(one, "INSERT INTO public.item VALUES (99)");
    assertThat(Jdbc.query(one, "SELECT current_setting('archive_mode')")).isEqualTo("off");
    assertThat(
            Jdbc.query(
                one,
                "SELECT count(*) FROM pg_settings WHERE name IN ('restore_command',"
                    + " 'archive_command', 'primary_conninfo', 'recovery_target_name')"
                    + " AND setting NOT IN ('', '(disabled)')"))
        .isEqualTo("0");
    assertThat(Jdbc.query(one, "SELECT system_identifier FROM pg_control_system()"))
        .isNotEqualTo(facts.text("cluster"));
    assertThat(
            Jdbc.query(
                one,
                "SELECT count(*) FROM pg_roles WHERE rolname IN ('clerk', 'boss', 'replicator')"
                    + " AND (rolcanlogin OR rolsuper OR rolreplication)"))
        .isEqualTo("0");
    assertThat(Jdbc.query(one, "SELECT count(*) FROM pg_stat_subscription")).isEqualTo("0");
    Path place = lab.copies.volume.folder().resolve(".cotidal").resolve(THEN);
    String data = Api.place(api.items(THEN, "copy").get("one"));
    assertThat(place.resolve(data).resolve("data/backup_label")).doesNotExist();
    assertThat(place.resolve(data).resolve("data/recovery.signal")).doesNotExist();
    assertThat(place.resolve(facts.text("id")).resolve("archive")).doesNotExist();
    assertThat(stock()).isEqualTo(before);
    assertThat(api.delete(THEN, "one").status()).isEqualTo(200);
  }

  @Test
  @Order(3)
  @DisplayName(
      "copies/A2: what cannot be reached, and what is not as it must be, fails with one line, and"
          + " the older generation goes on serving")
  void refused() throws Exception {
    assertThat(failed(Map.of("to-name", "after the drop")))
        .contains("no restore point after the drop; it knows before the drop");
    assertThat(failed(Map.of("to-lsn", "FF/0"))).contains("is not reached: the archive ends with");
    assertThat(failed(Map.of("to-time", "2020-01-01 00:00:00Z")))
        .contains("lies before the first base backup");
    assertThat(failed(Map.of("backup", "20200101T000000Z"))).contains("there is no base backup");
    for (String wrong : List.of("yesterday", "2999-01-01 00:00:00Z")) {
      Answer answer = api.act(THEN, "import", Map.of("to-time", wrong));
      assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    }
    again(archive(THEN, "checks: [{query: \"" + ROWS + "\", answer: \"1,2\"}]"));
    await().atMost(LONG).until(() -> api.view(THEN).flag("leading"));
    assertThat(failed(Map.of("to-lsn", lsn)))
        .contains("check 1 in shop")
        .contains("the answer is '1,2,3', and should be '1,2'");
    assertThat(failed(Map.of())).contains("item").contains("does not exist");
    assertThat(asked(THEN, ROWS)).isEqualTo("1,2,3,4");
    Node facts = imported(THEN, Map.of("to-time", time));
    assertThat(facts.text("checks")).isEqualTo("1");
    assertThat(asked(THEN, ROWS)).isEqualTo("1,2");
  }

  @Test
  @Order(4)
  @DisplayName("copies/B5: the daemon is killed while data is laid, and while it is recovered")
  void killed() throws Exception {
    lab.configure("copies:\n" + archive(THEN, ""));
    daemon.close();
    Process process = lab.launch();
    try {
      for (String moment : List.of("data/base", "data/recovery.signal", "data/backup_label.old")) {
        awaitLeading();
        long generations = api.items(THEN, "generation").size();
        Answer asked = api.act(THEN, "import", Map.of("to-time", time), 0);
        assertThat(asked.status()).as("%s", asked).isBetween(200, 202);
        boolean seen = awaited(moment);
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        System.out.println("measured: killed at " + moment + ": " + seen);
        process = lab.launch();
        awaitLeading();
        await()
            .atMost(LONG)
            .untilAsserted(() -> {
              assertThat(api.view(THEN).list("operations"))
                  .as("%s", api.view(THEN).list("operations"))
                  .allMatch(each -> List.of("done", "failed").contains(each.text("state")));
              assertThat(api.items(THEN, "generation").values())
                  .allMatch(each -> each.text("state").equals("ready"));
              assertThat(lab.copies.places(THEN)).isEqualTo(api.places(THEN, "generation"));
              assertThat(lab.copies.servers().list()).isEmpty();
            });
        assertThat(generations).isPositive();
        assertThat(asked(THEN, ROWS)).as(moment).isEqualTo("1,2");
      }
    } finally {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
      daemon = new StartedDaemon(lab.configure("copies:\n" + archive(THEN, "")));
      api = Api.of(lab.copies.port, daemon.token());
    }
  }

  /** Whether a new place was seen to have that file before the import had ended. */
  private boolean awaited(String file) throws Exception {
    var known = api.places(THEN, "generation");
    Path all = lab.copies.volume.folder().resolve(".cotidal").resolve(THEN);
    boolean[] seen = {false};
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          for (String place : lab.copies.places(THEN)) {
            Path folder = all.resolve(place);
            seen[0] |= Files.exists(folder.resolve(file)) && !Files.exists(folder.resolve("made"));
          }
          return seen[0] || !api.places(THEN, "generation").equals(known);
        });
    return seen[0];
  }

  private void awaitLeading() {
    await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> api.view(THEN).flag("leading") && code().equals("healthy"));
  }

  @Test
  @Order(5)
  @DisplayName(
      "postgres/S31: with the cluster gone and one repository damaged, the other gives what was;"
          + " with both damaged nothing is made")
  void theOtherRepository() throws Exception {
    daemon.close();
    for (String member : List.of("a", "b", "c")) {
      lab.cluster.processes(member).kill();
    }
    daemon = new StartedDaemon(lab.copies.configure(List.of(), archive(ALONE, "")));
    api = Api.of(lab.copies.port, daemon.token());
    await().atMost(LONG).until(() -> api.view(ALONE).flag("leading"));
    String backup;
    try (Stream<Path> bases = Files.list(first.resolve("base"))) {
      backup =
          bases
              .map(base -> base.getFileName().toString())
              .filter(name -> name.endsWith("Z"))
              .findFirst()
              .orElseThrow();
    }
    Path damaged = Path.of("base", backup, "data/PG_VERSION");
    Files.writeString(first.resolve(damaged), "99\n");
    try (Stream<Path> segments = Files.list(first)) {
      for (Path segment :
          segments.filter(file -> file.toString().matches(".*/[0-9A-F]{24}")).toList()) {
        Files.writeString(segment, "cut short");
      }
    }
    Node facts = imported(ALONE, Map.of("to-lsn", lsn));
    assertThat(facts.text("repository")).isEqualTo(second.toString());
    assertThat(facts.text("said")).contains("recovery stopping after WAL location");
    assertThat(asked(ALONE, ROWS)).startsWith("1,2,3");
    Files.writeString(second.resolve(damaged), "99\n");
    assertThat(failed(ALONE, Map.of("to-lsn", lsn))).contains("is damaged in " + second);
  }
}
