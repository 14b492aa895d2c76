package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.demo.FarMembers;
import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Prober;
import io.cotidal.lab.SshServer;
import io.cotidal.lab.Target;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A primary whose clients reach it and nobody else does. It has three addresses: at that for
 * clients it listens itself; at those for the daemon and for the other members a proxy does, and
 * another one stands before the SSH server of its machine. All three drop what comes, as a packet
 * filter does.
 */
@Timeout(240)
final class PrimaryCutOffIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final InetAddress CLIENTS = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress CONTROL = InetAddress.ofLiteral("127.0.0.2");
  private static final InetAddress REPLICATION = InetAddress.ofLiteral("127.0.0.3");
  private static final int SOME = 50;

  private ClusterLab lab;
  private FarMembers far;
  private List<FaultProxy> ways;
  private OrdersDaemon orders;
  private Prober prober;

  /**
   * Begins with a cluster that is whole.
   *
   * @param quorum for how many replicas commits wait
   * @param failover words of the configuration about failovers; may be empty
   */
  private void open(int quorum, String failover) throws IOException, StartFailure, SQLException {
    Optional<Path> bin = PostgresBinaries.installed(15);
    String missing =
        SshServer.missing().orElse(bin.isEmpty() ? "apt-get install postgresql-15" : "");
    assumeTrue(missing.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + missing);
    lab = ClusterLab.open(bin.orElseThrow());
    DemoCluster cluster = lab.cluster();
    int port = cluster.member("a").port();
    far = FarMembers.start(lab.registry(), cluster);
    int sshd = far.server().port();
    FaultProxy control = proxy(new InetSocketAddress(CONTROL, port), port);
    FaultProxy replication = proxy(new InetSocketAddress(REPLICATION, port), port);
    FaultProxy login = proxy(new InetSocketAddress(CONTROL, 0), sshd);
    ways = List.of(control, replication, login);
    Files.writeString(
        cluster.folder().resolve("known_hosts"),
        far.server()
            .knownHost()
            .replace("[127.0.0.1]:" + sshd, "[127.0.0.2]:" + login.port())
            .concat("\n"),
        StandardOpenOption.APPEND);
    ClusterSettings settings = ClusterSettings.listening(lab.registry().port());
    String reached =
        far.one(settings, "a").members().get("a").replace("port: " + sshd, "port: " + login.port());
    cluster.configure(
        settings.member(
            "a", reached + ", addresses: {control: 127.0.0.2, replication: 127.0.0.3}"));
    Path file = cluster.configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("quorum: 1", "quorum: " + quorum)
            .replace("failover: {", "failover: {" + failover));
    orders = OrdersDaemon.start(lab.configuration());
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("not-created"));
    orders.create();
    prober = Prober.start(cluster.members(), cluster.login(), 1);
  }

  private static FaultProxy proxy(InetSocketAddress at, int port) throws IOException {
    return new FaultProxy(at, new InetSocketAddress(CLIENTS, port));
  }

  @AfterEach
  void close() throws IOException {
    if (prober != null) {
      prober.close();
    }
    if (orders != null) {
      orders.close();
    }
    if (far != null) {
      far.server().stop();
    }
    if (lab != null) {
      lab.close();
    }
    if (ways != null) {
      for (FaultProxy way : ways) {
        way.close();
      }
    }
  }

  private void cut() {
    for (FaultProxy way : ways) {
      way.hold(FaultProxy.Way.TO_SERVER);
      way.hold(FaultProxy.Way.TO_CLIENT);
    }
  }

  private void heal() throws IOException {
    for (FaultProxy way : ways) {
      way.mend();
    }
  }

  /** How many of the clients' commits wait on a, which is no standby and answers its clients. */
  private int waiting() throws SQLException {
    Target a = lab.cluster().member("a");
    io.cotidal.lab.Login login = lab.cluster().login();
    try (Connection session =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + a.port() + "/" + login.database(),
                login.user(),
                login.password().reveal());
        Statement statement = session.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT pg_is_in_recovery(), count(*) FROM pg_stat_activity
                WHERE application_name = 'prober' AND wait_event = 'SyncRep'
                """)) {
      assertThat(row.next()).isTrue();
      assertThat(row.getBoolean(1)).as("a still takes itself for the primary").isFalse();
      return row.getInt(2);
    }
  }

  private List<Acknowledgement> ofA(long from) {
    return prober.acknowledgements().inOrder().stream()
        .filter(each -> each.member().equals("a") && each.id() >= from)
        .toList();
  }

  @Test
  @DisplayName(
      "postgres/S6: cut off from replicas and from us, not from clients: it acknowledges nothing"
          + " more, and is replaced by the quorum's proof")
  void quorumAlone() throws IOException, StartFailure, SQLException {
    open(1, "");
    await().atMost(LONG).until(() -> prober.acknowledgements().inOrder().size() > SOME);
    assertThat(ofA(1)).isNotEmpty();
    cut();
    long mark = prober.mark();
    long from = System.nanoTime();

    await().atMost(LONG).until(() -> List.of("b", "c").contains(orders.primary()));
    String successor = orders.primary();
    await().atMost(LONG).until(() -> prober.acknowledgements().count(successor, from) > SOME);
    await().atMost(LONG).until(() -> waiting() > 0);
    assertThat(ofA(mark)).as("who waits there is told nothing").isEmpty();
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.step("nominate " + successor).orElseThrow().evidence().need("proven-by"))
        .as(orders::story)
        .isEqualTo("quorum");
    assertThat(failover.steps())
        .as("nobody could ask its machine: %s", orders.story())
        .noneMatch(row -> row.step().act().equals(Acts.FENCE) && row.state() == StepState.DONE);

    heal();
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo(successor);
    assertThat(orders.newest("rejoin").map(Operation::state))
        .as(orders::story)
        .contains(OperationState.DONE);
    prober.close();
    Acknowledgements all = prober.acknowledgements();
    assertThat(ofA(mark)).as("nor when the net is whole again").isEmpty();
    assertThat(all.dual("a", successor, from, System.nanoTime())).isZero();
    assertThat(all.lost(prober.present(successor, 1))).as(orders::story).isZero();
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(prober.present("a", 1)).isEqualTo(prober.present(successor, 1)));
  }

  @Test
  @DisplayName(
      "postgres/S6: the same, and commits wait for nobody: it ends itself before another one is"
          + " promoted")
  void guardAlone() throws IOException, StartFailure, SQLException {
    open(0, "guard: 1500ms, ");
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(orders.view().guarantee()).as(orders::story).startsWith("guarded: "));
    await().atMost(LONG).until(() -> prober.acknowledgements().inOrder().size() > SOME);
    cut();
    long from = System.nanoTime();
    await().atMost(LONG).until(() -> List.of("b", "c").contains(orders.primary()));
    String successor = orders.primary();
    assertThat(lab.cluster().processes("a").running()).as("it has ended by itself").isFalse();
    await().atMost(LONG).until(() -> prober.acknowledgements().count(successor, from) > SOME);
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.step("nominate " + successor).orElseThrow().evidence().need("proven-by"))
        .as(orders::story)
        .isEqualTo("guard");

    heal();
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo(successor);
    prober.close();
    assertThat(prober.acknowledgements().dual("a", successor, from, System.nanoTime()))
        .as(orders::story)
        .isZero();
  }
}
