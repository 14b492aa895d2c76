package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Report;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon: a cluster that backs itself up, and another that is made out of that. */
@Timeout(240)
final class RestoredClusterIT {
  private static final String ORDERS = "postgres/orders";
  private static final String THEN = "postgres/then";
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final Duration SECOND = Duration.ofSeconds(5);

  private ClusterLab lab;
  private Embedded cotidal;
  private Path archive;
  private int port;

  @BeforeEach
  void open() throws Exception {
    Optional<Path> bin = PostgresBinaries.installed(15);
    if (bin.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError("apt-get install postgresql-15");
    }
    Assumptions.assumeTrue(bin.isPresent(), "SKIPPED: apt-get install postgresql-15");
    lab = ClusterLab.open(bin.orElseThrow());
    DemoCluster cluster = lab.cluster();
    archive = Files.createDirectory(cluster.folder().resolve("archive"));
    Optional<OsUser> account = new LocalProcesses().user(cluster.user());
    if (account.isPresent()) {
      account.get().own(archive);
    }
    port = lab.registry().port();
    Path file = cluster.configuration();
    String text =
        Files.readString(file)
            .replace(
                "    settings:\n",
                "    archive: {folder: \"%s\", backups: {every: 24h, keep: 2}}\n    settings:\n"
                    .formatted(archive));
    Files.writeString(file, text + then(bin.get()));
    cotidal = Embedded.start(file);
    assertThat(cotidal.awaitReady(ORDERS, LONG)).isTrue();
    assertThat(cotidal.awaitReady(THEN, LONG)).isTrue();
  }

  private String then(Path bin) throws IOException {
    DemoCluster cluster = lab.cluster();
    return """
      then:
        mode: manage
        quorum: 0
        defaults: {bin: "%s", %shost: 127.0.0.1}
        members:
          - {name: x, port: %d, data: "%s"}
          - {name: y, port: %d, data: "%s"}
        superuser: {name: %s, password: {secret: "file:%s"}}
        replication: {name: replicator, password: {secret: "file:%s"}}
        restore:
          folder: "%s"
          checks: [{query: "SELECT string_agg(n::text, ',' ORDER BY n) FROM item", answer: "1,2"}]
    """
        .formatted(
            bin,
            cluster.user().isEmpty() ? "" : "user: " + cluster.user() + ", ",
            port,
            cluster.folder().resolve("x"),
            lab.registry().port(),
            cluster.folder().resolve("y"),
            cluster.login().user(),
            cluster.folder().resolve("superuser.password"),
            cluster.folder().resolve("replication.password"),
            archive);
  }

  @AfterEach
  void close() throws IOException {
    if (cotidal != null) {
      cotidal.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private PgSession session(int at) throws PgException {
    return PgSession.open(login(at), SECOND);
  }

  private Login login(int at) {
    var superuser = lab.cluster().login();
    return new Login("127.0.0.1", at, "postgres", superuser.user(), superuser.password(), "test");
  }

  private String sql(int at, String query) throws PgException {
    try (PgSession session = session(at)) {
      return session.one(query, SECOND, row -> String.valueOf(row.getString(1)));
    }
  }

  private void orders(String... statements) throws PgException {
    try (PgSession session = session(lab.cluster().member("a").port())) {
      for (String statement : statements) {
        session.run(statement, SECOND);
      }
    }
  }

  private Operation act(String resource, String action, Map<String, String> input)
      throws InterruptedException {
    return cotidal.act(resource, action, input, LONG);
  }

  private void awaitHealthy(String resource) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(cotidal.status(resource).diagnosis().code())
              .as("%s", cotidal.status(resource).diagnosis())
              .isEqualTo("healthy");
          assertThat(cotidal.status(resource).operations())
              .as("%s", cotidal.status(resource).operations())
              .allMatch(each -> each.state().ended());
        });
  }

  @Test
  @DisplayName(
      "postgres/S31: a base backup is taken by itself, and a new cluster is made as it was before a"
          + " table was dropped, with its replica; the first try to a wrong target changes nothing")
  void beforeTheDrop() throws Exception {
    assertThat(act(ORDERS, "create", Map.of("primary", "a")).state())
        .isEqualTo(OperationState.DONE);
    await()
        .atMost(LONG)
        .until(() ->
            cotidal.status(ORDERS).operations().stream()
                .anyMatch(
                    each -> each.type().equals("backup") && each.state() == OperationState.DONE));
    awaitHealthy(ORDERS);
    orders(
        "CREATE TABLE item (n int)",
        "INSERT INTO item VALUES (1), (2)",
        "SELECT pg_create_restore_point('before_migration')",
        "DROP TABLE item");
    String name = sql(lab.cluster().member("a").port(), "SELECT pg_walfile_name(pg_switch_wal())");
    await().atMost(LONG).until(() -> Files.exists(archive.resolve(name)));

    Report backups = cotidal.ask(ORDERS, "backups", Map.of());
    assertThat(backups.sentence()).contains("a restore is possible from");
    assertThat(backups.lines()).anyMatch(line -> line.sentence().equals("before_migration"));
    assertThat(cotidal.ask(THEN, "backups", Map.of()).sentence()).isEqualTo(backups.sentence());
    Operation check = act(ORDERS, "archive-check", Map.of());
    assertThat(check.steps().getFirst().evidence().need("restore")).startsWith("from the base");

    assertThatThrownBy(() -> act(THEN, "create", Map.of())).hasMessageContaining("cot restore");
    assertThatThrownBy(() -> act(THEN, "restore", Map.of("to-time", "yesterday")))
        .hasMessageContaining("no time with its zone");
    assertThat(cotidal.dryRun(THEN, "restore", Map.of("to-name", "before_migration")))
        .anyMatch(line -> line.contains("choose a base backup"));
    Operation wrong = act(THEN, "restore", Map.of("to-name", "after_migration"));
    assertThat(wrong.state()).isEqualTo(OperationState.FAILED);
    assertThat(wrong.note())
        .contains("no restore point after_migration; it knows before_migration");
    Operation late = act(THEN, "restore", Map.of());
    assertThat(late.state()).isEqualTo(OperationState.FAILED);
    assertThat(late.note()).contains("item").contains("does not exist");

    Operation done = act(THEN, "restore", Map.of("to-name", "before_migration"));
    assertThat(done.state()).as("%s", done).isEqualTo(OperationState.DONE);
    assertThat(done.step("recover x").orElseThrow().evidence().need("said"))
        .contains("recovery stopping at restore point");
    assertThat(done.step("prove x").orElseThrow().evidence().need("check.1")).endsWith("1,2");
    awaitHealthy(THEN);
    assertThat(sql(port, "SELECT count(*) FROM item")).isEqualTo("2");
    assertThat(sql(port, "SELECT count(*) FROM pg_stat_replication")).isEqualTo("1");
    assertThat(sql(port, "SELECT current_setting('archive_mode')")).isEqualTo("off");
    awaitHealthy(ORDERS);
  }
}
