package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.demo.FarMembers;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.plan.Acts;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.runtime.ControlPlane;
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
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Duration LONG = Duration.ofSeconds(90);

  private final LocalProcesses processes = new LocalProcesses();
  private ServerRegistry registry;
  private DemoCluster cluster;
  private FarMembers far;
  private Wiring wiring;

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
    wiring = Wiring.start(configuration(), "test");
  }

  private Configuration configuration() {
    return ((Loaded.Valid)
            Kinds.reader(Map.of(), Map.of(), cluster.folder()).read(cluster.configuration()))
        .configuration();
  }

  @AfterEach
  void close() throws IOException {
    if (wiring != null) {
      wiring.close();
      far.server().stop();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private ControlPlane control() {
    return wiring.control();
  }

  private ResourceView view() {
    return control().resource(ORDERS).orElseThrow();
  }

  private String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  private static boolean whole(ResourceView view) {
    return view.leading()
        && view.inSync()
        && view.members().stream().filter(MemberView::writable).count() == 1
        && view.links().stream().filter(link -> !link.planned()).count() == 2
        && view.links().stream().map(LinkView::state).allMatch("streaming"::equals)
        && view.operations().stream().allMatch(operation -> operation.state().ended());
  }

  private void awaitWhole() {
    await().atMost(LONG).untilAsserted(() -> assertThat(whole(view())).as("%s", story()).isTrue());
  }

  private String story() {
    StringBuilder text = new StringBuilder(view().diagnosis().sentence());
    view().members().forEach(member -> text.append('\n').append(member));
    view().links().forEach(link -> text.append('\n').append(link));
    for (Operation operation : view().operations()) {
      text.append('\n').append(operation.id()).append(' ').append(operation.type());
      text.append(' ').append(operation.state()).append(' ').append(operation.note());
      for (StepRecord row : operation.steps()) {
        text.append("\n  ").append(row.key()).append(' ').append(row.state());
        text.append(' ').append(row.problem());
      }
    }
    return text.toString();
  }

  private void ask(String type, Details input) {
    Command command = new Command.Begin(new Actor("eve"), type, input, null, false);
    assertThat(control().command(ORDERS, command).join()).isInstanceOf(Reply.Accepted.class);
  }

  private String column(String member, String name) {
    return view().members().stream()
        .filter(each -> each.id().name().equals(member))
        .map(each -> each.facts().get(name, ""))
        .findFirst()
        .orElse("");
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

  /** The list may still be widened for the one that has just come back. */
  private long otherThanQuorum() {
    return view().operations().stream()
        .filter(operation -> !operation.type().equals("quorum"))
        .count();
  }

  /** Member a, over SSH, is copied anew of the replica that is not its own machine's. */
  private void clonedFromReplica() {
    String source = primary().equals("b") ? "c" : "b";
    ask("reclone", Details.of("member", "a").with("from", source));
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(view().operations())
                .as("%s", story())
                .anyMatch(
                    each -> each.type().equals("clone") && each.state() == OperationState.DONE));
    StepRecord copied =
        view().operations().stream()
            .filter(each -> each.type().equals("clone"))
            .flatMap(each -> each.step("clone a").stream())
            .findFirst()
            .orElseThrow();
    assertThat(copied.step().sentence()).isEqualTo("copy " + source + " over a");
    assertThat(copied.evidence().get("way", "")).startsWith("pg_basebackup");
    awaitWhole();
    assertThat(column("a", "slot")).as("its slot is on the primary").isNotEmpty();
  }

  @Test
  @DisplayName(
      "postgres/S4: mixed members; PostgreSQL frozen on a, sshd alive: fenced over SSH with proof")
  void mixed() throws IOException, InterruptedException {
    await().atMost(LONG).until(() -> view().leading());
    await().atMost(LONG).until(() -> view().diagnosis().code().equals("not-created"));
    ask("create", Details.of("primary", "a"));
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(view().operations().getFirst().state())
                .as("%s", story())
                .isEqualTo(OperationState.DONE));
    makeByHand();
    awaitWhole();
    assertThat(primary()).isEqualTo("a");
    assertThat(column("a", "driver")).isEqualTo("ssh");
    assertThat(column("c", "driver")).contains("no gate");

    ask("switchover", Details.of("to", "b"));
    awaitWhole();
    assertThat(primary()).as("%s", story()).isEqualTo("b");
    ask("switchover", Details.of("to", "a"));
    awaitWhole();
    assertThat(primary()).as("%s", story()).isEqualTo("a");

    cluster.processes("a").freeze();
    await().atMost(LONG).until(() -> !List.of("a", "none").contains(primary()));
    awaitWhole();
    Operation failover =
        view().operations().stream()
            .filter(operation -> operation.type().equals("failover"))
            .findFirst()
            .orElseThrow();
    assertThat(failover.state()).isEqualTo(OperationState.DONE);
    assertThat(failover.steps())
        .as("%s", story())
        .filteredOn(row -> row.step().act().equals(Acts.FENCE))
        .singleElement()
        .satisfies(row -> assertThat(row.evidence().get(Acts.PROOF, "")).isEqualTo("process gone"));

    long before = otherThanQuorum();
    far.server().stop();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(column("a", "process")).contains("unknown"));
    await()
        .during(Duration.ofSeconds(3))
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(view().diagnosis().code()).as("%s", story()).isEqualTo("healthy");
          assertThat(otherThanQuorum()).as("%s", story()).isEqualTo(before);
        });
    far.server().start();
    await().atMost(LONG).until(() -> !column("a", "process").contains("unknown"));
    clonedFromReplica();
  }
}
