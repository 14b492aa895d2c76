package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.demo.FarMembers;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three members, each reached in another way: a over SSH, b here, c by SQL. */
@Timeout(300)
final class MixedMembersIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  private final LocalProcesses processes = new LocalProcesses();
  private ServerRegistry registry;
  private DemoCluster cluster;
  private FarMembers far;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException, StartFailure {
    Optional<Path> bin = PostgresBinaries.installed(15);
    String missing =
        SshServer.missing().orElse(bin.isEmpty() ? "apt-get install postgresql-15" : "");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    registry = ServerRegistry.open(StateFolder.ofUser(), base);
    cluster = DemoCluster.in(registry, bin.orElseThrow());
    far = FarMembers.start(registry, cluster);
    ClusterSettings settings =
        far.one(ClusterSettings.listening(registry.port()), "a").member("c", "driver: sql");
    cluster.configure(settings);
    orders = OrdersDaemon.start(configuration());
  }

  private Configuration configuration() {
    return ((Loaded.Valid)
            Kinds.reader(Map.of(), Map.of(), cluster.folder()).read(cluster.configuration()))
        .configuration();
  }

  @AfterEach
  void close() throws IOException {
    if (orders != null) {
      orders.close();
      far.server().stop();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private String column(String member, String name) {
    return orders.view().members().stream()
        .filter(each -> each.id().name().equals(member))
        .map(each -> each.facts().get(name, ""))
        .findFirst()
        .orElse("");
  }

  private long lastNumber() {
    return orders.view().operations().stream().mapToLong(Operation::number).max().orElse(0);
  }

  /** A replica of b that its own people made and started, with a password file of theirs. */
  private void makeByHand() throws IOException, InterruptedException {
    Path data = cluster.data("c");
    Optional<OsUser> account = processes.user(cluster.user());
    Path passwords = cluster.folder().resolve("c.pgpass");
    String password = Files.readString(cluster.folder().resolve("replication.password")).strip();
    Files.writeString(passwords, "*:*:*:replicator:" + password + "\n");
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    if (account.isPresent()) {
      account.get().own(passwords);
    }
    Map<String, String> environment = Map.of("PGPASSFILE", passwords.toString());
    String source = "host=127.0.0.1 user=replicator port=" + cluster.member("a").port();
    LocalProcesses.Result copied =
        processes.run(
            Program.of(
                    cluster.user(),
                    List.of(
                        cluster.bin().resolve("pg_basebackup").toString(),
                        "--pgdata=" + data,
                        "--checkpoint=fast",
                        "--no-password",
                        "--write-recovery-conf",
                        "--dbname=" + source))
                .with(environment),
            cluster.folder().resolve("basebackup.out"),
            started -> {},
            Deadline.in(LONG));
    assertThat(copied.exit()).as(copied.output()).isZero();
    Path log = cluster.folder().resolve("c.log");
    processes.launch(
        Program.of(
                cluster.user(),
                List.of(
                    cluster.bin().resolve("postgres").toString(),
                    "-D",
                    data.toString(),
                    "-c",
                    "port=" + cluster.member("c").port(),
                    "-c",
                    "cluster_name=c"))
            .with(environment),
        log);
  }

  /** Member a, over SSH, is copied anew of the replica that is not its own machine's. */
  private void clonedFromReplica() {
    String source = orders.primary().equals("b") ? "c" : "b";
    orders.ask("reclone", Details.of("member", "a").with("from", source));
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.newest("clone").map(Operation::state))
                .as(orders::story)
                .contains(OperationState.DONE));
    StepRecord copied = orders.newest("clone").flatMap(each -> each.step("clone a")).orElseThrow();
    assertThat(copied.step().sentence()).isEqualTo("copy " + source + " over a");
    assertThat(copied.evidence().get("way", "")).startsWith("pg_basebackup");
    orders.awaitWhole();
    assertThat(column("a", "slot")).as("its slot is on the primary").isNotEmpty();
  }

  @Test
  @DisplayName(
      "postgres/S4: mixed members; PostgreSQL frozen on a, sshd alive: fenced over SSH with proof")
  void mixed() throws IOException, InterruptedException {
    orders.awaitLeading();
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("not-created"));
    orders.done("create", Details.of("primary", "a"));
    makeByHand();
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo("a");
    assertThat(column("a", "driver")).isEqualTo("ssh");
    assertThat(column("c", "driver")).contains("no gate");

    orders.ask("switchover", Details.of("to", "b"));
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo("b");
    orders.ask("switchover", Details.of("to", "a"));
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo("a");

    cluster.processes("a").freeze();
    await().atMost(LONG).until(() -> !List.of("a", "none").contains(orders.primary()));
    orders.awaitWhole();
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.state()).isEqualTo(OperationState.DONE);
    assertThat(failover.steps())
        .as(orders::story)
        .filteredOn(row -> row.step().act().equals(Acts.FENCE))
        .singleElement()
        .satisfies(row -> assertThat(row.evidence().get(Acts.PROOF, "")).isEqualTo("process gone"));

    long before = lastNumber();
    far.server().stop();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(column("a", "process")).contains("unknown"));
    await()
        .during(Duration.ofSeconds(3))
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(orders.view().diagnosis().code()).as(orders::story).isEqualTo("healthy");
          assertThat(orders.view().operations())
              .as(() ->
                  "no failover, fence, restart or rejoin for a shut SSH door: " + orders.story())
              .filteredOn(operation -> operation.number() > before)
              .allMatch(operation -> operation.type().equals("quorum"));
        });
    far.server().start();
    await().atMost(LONG).until(() -> !column("a", "process").contains("unknown"));
    clonedFromReplica();
  }
}
