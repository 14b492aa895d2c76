package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.HaProxyServer;
import io.cotidal.lab.PgBouncerServer;
import io.cotidal.lab.Prober;
import io.cotidal.lab.ProxyClient;
import io.cotidal.lab.Target;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three real members, with two real pgbouncers and a real HAProxy before. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProxiesIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  private ClusterLab lab;
  private OrdersDaemon orders;
  private PgBouncerServer one;
  private PgBouncerServer two;
  private HaProxyServer haproxy;
  private long nextId = 1;

  @BeforeAll
  void open() throws IOException, StartFailure {
    Optional<String> missing =
        Stream.of(PgBouncerServer.missing(), HaProxyServer.missing())
            .flatMap(Optional::stream)
            .findFirst();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    Assumptions.assumeTrue(
        missing.isEmpty(), () -> "SKIPPED, no proxy proven: " + missing.orElse(""));
    lab = ClusterLab.open();
    DemoCluster cluster = lab.cluster();
    one = PgBouncerServer.start(lab.registry(), cluster.login());
    two = PgBouncerServer.start(lab.registry(), cluster.login(), "md5");
    haproxy = new HaProxyServer(lab.registry());
    configure(cluster);
    orders = OrdersDaemon.start(lab.configuration());
    haproxy.start(
        cluster.members(), new HaProxyServer.Asks(orders.uri().getPort(), orders.token()));
    orders.create();
  }

  private void configure(DemoCluster cluster) throws IOException {
    Path password = cluster.folder().resolve("console.password");
    Files.writeString(password, PgBouncerServer.PASSWORD);
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    String proxies =
        bouncer("p1", one, password)
            + bouncer("p2", two, password)
            + "      - {name: h1, haproxy: {socket: \"%s\", backend: %s}}\n"
                .formatted(haproxy.socket(), HaProxyServer.BACKEND);
    Path file = cluster.configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("    settings:\n", "    proxies:\n" + proxies + "    settings:\n"));
  }

  private static String bouncer(String name, PgBouncerServer bouncer, Path password) {
    return """
          - name: %s
            pgbouncer:
              port: %d
              password: {secret: "file:%s"}
              file: "%s"
              databases: {postgres: "pool_size=5"}
    """
        .formatted(name, bouncer.port(), password, bouncer.databases());
  }

  @AfterAll
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private String other() {
    return Stream.of("a", "b", "c")
        .filter(name -> !name.equals(orders.primary()))
        .findFirst()
        .get();
  }

  private ProxyClient client(int port) throws SQLException {
    nextId += 1_000_000;
    return ProxyClient.start(port, lab.cluster().login(), nextId);
  }

  private void writes(ProxyClient client, long more) {
    long from = client.written();
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(client.written()).as("%s", client.problems()).isGreaterThan(from + more));
  }

  private void nothingIsLost(ProxyClient client) throws SQLException {
    List<Long> acknowledged = client.acknowledged();
    Target target = lab.cluster().member(orders.leader());
    Set<Long> there = Prober.present(target, lab.cluster().login(), acknowledged.getFirst());
    assertThat(there).containsAll(acknowledged);
  }

  @Test
  @DisplayName("A switchover through pgbouncer: clients wait and none of them sees an error")
  void switchover() throws SQLException {
    orders.awaitWhole();
    String to = other();
    try (ProxyClient client = client(one.port())) {
      writes(client, 50);
      client.anew();
      orders.ask("switchover", Details.of("to", to));
      await().atMost(LONG).until(() -> orders.primary().equals(to));
      writes(client, 50);
      client.stop();
      System.out.printf(
          "measured: a switchover through pgbouncer held the client for %d ms%n",
          client.longest().toMillis());
      assertThat(client.problems()).isEmpty();
      assertThat(client.longest()).isLessThan(Duration.ofSeconds(20));
      nothingIsLost(client);
    }
    orders.awaitWhole();
    Operation done = orders.newest("switchover").orElseThrow();
    assertThat(done.state()).isEqualTo(OperationState.DONE);
    assertThat(done.steps())
        .extracting(row -> row.key())
        .contains("proxy-pause p1", "proxy-pause p2", "proxy-point p1 " + to)
        .contains("proxy-point h1 " + to)
        .doesNotContain("proxy-pause h1");
  }

  @Test
  @DisplayName(
      "A primary restarted in its place behind pgbouncer: clients wait, none sees an error")
  void restartInPlace() throws SQLException {
    orders.awaitWhole();
    String before = orders.primary();
    try (ProxyClient client = client(one.port())) {
      writes(client, 50);
      Operation restart =
          orders.done("restart", Details.of("member", before).with("in-place", "true"));
      writes(client, 50);
      client.stop();
      System.out.printf(
          "measured: a restart in place behind pgbouncer held the client for %d ms%n",
          client.longest().toMillis());
      assertThat(client.problems()).isEmpty();
      nothingIsLost(client);
      assertThat(restart.steps())
          .extracting(row -> row.key())
          .contains("proxy-pause p1", "stop " + before, "promote " + before);
    }
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo(before);
  }

  @Test
  @DisplayName("postgres/S22: a long transaction holds the pause: clients go on, nothing moves")
  void longTransaction() throws SQLException {
    orders.awaitWhole();
    String before = orders.primary();
    try (Connection session = ProxyClient.session(one.port(), lab.cluster().login());
        Statement statement = session.createStatement();
        ProxyClient client = client(two.port())) {
      writes(client, 20);
      session.setAutoCommit(false);
      statement.execute("CREATE TEMPORARY TABLE held ON COMMIT DROP AS SELECT 1");
      Operation operation = orders.ended(orders.ask("switchover", Details.of("to", other())));
      assertThat(operation.state()).as(orders::story).isEqualTo(OperationState.FAILED);
      assertThat(operation.note()).contains("p1", "long transaction");
      writes(client, 50);
      session.commit();
      client.stop();
      assertThat(client.problems()).isEmpty();
    }
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo(before);
    assertThat(orders.view().members())
        .filteredOn(member -> member.role().equals("proxy"))
        .allMatch(member -> member.status().equals("leads to " + before));
  }

  @Test
  @DisplayName(
      "postgres/S21: a bouncer is away in a failover: it is stale, and led on as it is back")
  void staleProxy() throws IOException, SQLException {
    orders.awaitWhole();
    String old = orders.primary();
    two.kill();
    lab.cluster().processes(old).kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(orders.primary()).as(orders::story).isNotIn(old, "none");
          assertThat(orders.view().diagnosis().sentence()).contains("1 of 3 proxies stale: p2");
        });
    try (ProxyClient client = client(one.port())) {
      writes(client, 20);
    }
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.state()).as(orders::story).isEqualTo(OperationState.DONE);
    assertThat(orders.view().members())
        .filteredOn(member -> member.id().name().equals("p2"))
        .allMatch(member -> member.severity() == Severity.WARNING);
    two.start();
    orders.awaitWhole();
    try (ProxyClient client = client(two.port())) {
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
    assertThat(orders.newest("failover").orElseThrow().number())
        .as("nothing moved back")
        .isEqualTo(failover.number());
  }

  @Test
  @DisplayName("HAProxy is switched at its socket: writers come to the primary after each change")
  void switched() throws SQLException {
    orders.awaitWhole();
    String to = other();
    orders.ask("switchover", Details.of("to", to));
    await().atMost(LONG).until(() -> orders.primary().equals(to));
    orders.awaitWhole();
    try (ProxyClient client = client(haproxy.switched())) {
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
  }

  @Test
  @DisplayName("HAProxy asks the status routes: writers come to the primary, before and after")
  void checked() throws IOException, SQLException {
    orders.awaitWhole();
    String old = orders.primary();
    try (ProxyClient client = client(haproxy.checked())) {
      writes(client, 20);
      lab.cluster().processes(old).kill();
      await().atMost(LONG).until(() -> !List.of(old, "none").contains(orders.primary()));
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
    orders.awaitWhole();
  }
}
