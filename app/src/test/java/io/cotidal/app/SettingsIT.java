package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Credentials;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Server;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Prober;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Parameters that are declared anew while the daemon and three real members run. */
@Timeout(300)
final class SettingsIT {
  private static final Duration SECOND = Duration.ofSeconds(5);
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final List<String> MEMBERS = List.of("a", "b", "c");

  private ClusterLab lab;
  private OrdersDaemon orders;
  private Path file;
  private Api api;

  @BeforeEach
  void open() throws Exception {
    Optional<Path> oldest = PostgresBinaries.installed(15);
    lab = oldest.isPresent() ? ClusterLab.open(oldest.get()) : ClusterLab.open();
    file = lab.cluster().configuration();
    Rereading again = Kinds.reader(Map.of(), Map.of(), lab.cluster().folder()).again(file);
    orders = OrdersDaemon.start(lab.configuration(), again);
    api =
        new Api(
            Server.parse(orders.uri().toString(), "test"),
            new Credentials(Map.of("COT_TOKEN", orders.token())));
    orders.create();
  }

  @AfterEach
  void close() throws IOException {
    orders.close();
    lab.close();
  }

  /** Declares {@code settings}, as lines of YAML without their indent, and applies the file. */
  private void declare(String... settings) throws IOException {
    String text = Files.readString(file);
    StringBuilder all = new StringBuilder(text.substring(0, text.indexOf("    settings:\n")));
    all.append("    settings:\n      max_wal_size: \"128MB\"\n      min_wal_size: \"32MB\"\n");
    all.append("      shared_buffers: \"32MB\"\n");
    for (String setting : settings) {
      all.append("      ").append(setting).append('\n');
    }
    Files.writeString(file, all.toString());
    api.post("/api/v1/configuration/apply", Map.of("dryRun", false), Map.of());
  }

  private String show(String member, String name) {
    DemoCluster cluster = lab.cluster();
    Login login =
        new Login(
            "127.0.0.1",
            cluster.member(member).port(),
            "postgres",
            cluster.login().user(),
            cluster.login().password(),
            "test");
    try (PgSession session = PgSession.open(login, SECOND)) {
      return session.one("SELECT current_setting('" + name + "')", SECOND, row -> row.getString(1));
    } catch (PgException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void run(String member, String statement) throws PgException {
    DemoCluster cluster = lab.cluster();
    Login login =
        new Login(
            "127.0.0.1",
            cluster.member(member).port(),
            "postgres",
            cluster.login().user(),
            cluster.login().password(),
            "test");
    try (PgSession session = PgSession.open(login, SECOND)) {
      session.run(statement, SECOND);
    }
  }

  private void awaitEverywhere(String name, String value) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          for (String member : MEMBERS) {
            assertThat(show(member, name)).as(orders::story).isEqualTo(value);
          }
        });
  }

  /** What {@code cot settings} shows: member and parameter with its sentence. */
  private List<String> differences() {
    return api.get("/api/v1/resources/" + OrdersDaemon.ORDERS + "/settings").list("lines").stream()
        .map(line -> line.text("subject") + ": " + line.text("sentence"))
        .toList();
  }

  private void awaitSaid(String part) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(orders.view().diagnosis().sentence()).contains(part));
  }

  @Test
  @DisplayName(
      "declared anew: in force within seconds; refused as a whole; rolled out replicas first; less"
          + " on the primary first; what others set is left")
  void declared() throws Exception {
    declare("work_mem: \"7MB\"");
    awaitEverywhere("work_mem", "7MB");
    orders.awaitWhole();
    Operation settings = orders.newest("settings").orElseThrow();
    assertThat(settings.reason()).contains("b: work_mem 4MB → 7MB");
    assertThat(settings.steps().getLast().key()).isEqualTo("settings a");
    assertThat(differences()).isEmpty();

    declare("work_mem: \"9MB\"", "max_connections: \"lots\"");
    awaitSaid("settings: max_connections = 'lots': it takes a number");
    assertThat(orders.view().diagnosis().code()).isEqualTo("degraded");
    // A member that does not answer in time shows no difference.
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(differences()).contains("a work_mem: 7MB → 9MB: a reload"));

    declare("work_mem: \"8MB\"", "max_connections: \"120\"");
    awaitEverywhere("work_mem", "8MB");
    orders.awaitWhole();
    awaitSaid("; pending restart: a (max_connections), b (max_connections), c (max_connections)");
    assertThat(show("b", "max_connections")).isEqualTo("100");
    moreBySwitchover();
    lessInPlace();
    others();
  }

  private void moreBySwitchover() throws Exception {
    String old = orders.primary();
    Prober prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1);
    long began;
    long ended;
    Operation rolled;
    try (prober) {
      await().atMost(LONG).until(() -> !prober.acknowledgements().inOrder().isEmpty());
      began = System.nanoTime();
      rolled = orders.done("roll-out", Details.NONE);
      awaitEverywhere("max_connections", "120");
      orders.awaitWhole();
      ended = System.nanoTime();
    }
    assertThat(acts(rolled))
        .startsWith("stop b, first", "start b, first", "stop c, first", "start c, first");
    assertThat(orders.primary()).isNotEqualTo(old);
    assertThat(orders.newest("failover")).isEmpty();
    assertThat(prober.acknowledgements().lost(prober.present(orders.primary(), 1))).isZero();
    Duration gap = prober.acknowledgements().gap(began, ended);
    StepRecord stop = rolled.step("stop " + old).orElseThrow();
    StepRecord promote = rolled.step("promote " + orders.primary()).orElseThrow();
    Duration moving = Duration.ofNanos((promote.endedMicros() - stop.startedMicros()) * 1000);
    assertThat(gap).as("only while the primary moves, %s", moving).isLessThan(moving.plus(SECOND));
    assertThat(orders.view().diagnosis().sentence()).doesNotContain("pending restart");
  }

  private static List<String> acts(Operation operation) {
    return operation.steps().stream().map(StepRecord::key).toList();
  }

  private void lessInPlace() throws Exception {
    String primary = orders.primary();
    declare("work_mem: \"8MB\"", "max_connections: \"90\"");
    await().atMost(LONG).until(() -> differences().size() == MEMBERS.size());
    awaitSaid("pending restart");
    assertThat(orders.refused("roll-out", Details.NONE)).contains("--in-place");
    Operation rolled = orders.done("roll-out", Details.of("in-place", "true"));
    awaitEverywhere("max_connections", "90");
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo(primary);
    List<String> acts = acts(rolled);
    assertThat(acts.indexOf("promote " + primary))
        .isLessThan(
            acts.indexOf(acts.stream().filter(a -> a.endsWith(", then")).findFirst().get()));
    assertThat(rolled.state()).isEqualTo(OperationState.DONE);
  }

  private void others() throws Exception {
    run("c", "ALTER SYSTEM SET work_mem = '3MB'");
    run("c", "SELECT pg_reload_conf()");
    long newest = orders.newest("settings").orElseThrow().number();
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(differences())
                .singleElement()
                .asString()
                .startsWith("c work_mem: 3MB → 8MB: what is set in postgresql.auto.conf:"));
    assertThat(show("c", "work_mem")).isEqualTo("3MB");
    assertThat(orders.newest("settings").orElseThrow().number()).isEqualTo(newest);
    assertThat(orders.view().diagnosis().code()).isEqualTo("healthy");
    Node line =
        api.get("/api/v1/resources/" + OrdersDaemon.ORDERS + "/settings").list("lines").getFirst();
    assertThat(line.text("remedy")).isEqualTo("ALTER SYSTEM RESET work_mem, or declare that value");
    run("c", "ALTER SYSTEM RESET work_mem");
    run("c", "SELECT pg_reload_conf()");

    Path ours = lab.cluster().folder().resolve("b/cotidal.conf");
    Files.writeString(ours, Files.readString(ours).replace("work_mem = '8MB'", "work_mem = '1MB'"));
    run("b", "SELECT pg_reload_conf()");
    await().atMost(LONG).until(() -> orders.newest("settings").orElseThrow().number() > newest);
    awaitEverywhere("work_mem", "8MB");
    orders.awaitWhole();
  }
}
