package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PgPoolServer;
import io.cotidal.lab.Prober;
import io.cotidal.lab.ProxyClient;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three real members, with a real Pgpool-II before them. */
@Timeout(90)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PgPoolIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final List<String> NAMES = List.of("a", "b", "c");

  private ClusterLab lab;
  private OrdersDaemon orders;
  private PgPoolServer pool;
  private long nextId = 1;

  @BeforeAll
  void open() throws IOException, StartFailure {
    Optional<String> missing = PgPoolServer.missing();
    if (missing.isPresent() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(missing.get());
    }
    Assumptions.assumeTrue(
        missing.isEmpty(), () -> "SKIPPED, no Pgpool-II proven: " + missing.orElse(""));
    lab = ClusterLab.open();
    DemoCluster cluster = lab.cluster();
    pool = PgPoolServer.make(lab.registry(), cluster.members(), cluster.login());
    Path file = cluster.configuration();
    String proxies = "    proxies:\n" + pool.configuration("g", cluster.folder());
    Files.writeString(
        file, Files.readString(file).replace("    settings:\n", proxies + "    settings:\n"));
    orders = OrdersDaemon.start(lab.configuration());
    orders.awaitLeading();
    orders.ask("create", Details.of("primary", "a"));
    await().atMost(LONG).until(() -> orders.primary().equals("a"));
    pool.start();
    orders.awaitWhole();
  }

  @AfterAll
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    if (pool != null) {
      pool.stop();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private String story() {
    try {
      return orders.story() + '\n' + pool.said();
    } catch (IOException e) {
      return orders.story() + '\n' + e;
    }
  }

  private String other() {
    return NAMES.stream().filter(name -> !name.equals(orders.primary())).findFirst().orElseThrow();
  }

  private Stream<Operation> operations(String type) {
    return orders.view().operations().stream().filter(operation -> operation.type().equals(type));
  }

  private String proxy() {
    return orders.view().members().stream()
        .filter(member -> member.role().equals("proxy"))
        .map(MemberView::status)
        .findFirst()
        .orElseThrow();
  }

  private ProxyClient client() throws SQLException {
    nextId += 1_000_000;
    return ProxyClient.start(pool.port(), lab.cluster().login(), nextId);
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
    assertThat(
            Prober.present(
                lab.cluster().member(orders.leader()),
                lab.cluster().login(),
                acknowledged.getFirst()))
        .containsAll(acknowledged);
  }

  @Test
  @DisplayName("A switchover leads Pgpool-II to the new primary, and the old one comes back to it")
  void switchover() throws SQLException {
    orders.awaitWhole();
    String to = other();
    try (ProxyClient client = client()) {
      writes(client, 20);
      orders.ask("switchover", Details.of("to", to));
      await().atMost(LONG).until(() -> orders.primary().equals(to));
      orders.awaitWhole();
      writes(client, 20);
      client.stop();
      System.out.printf(
          "measured: a switchover behind Pgpool-II: %d problems, %d ms without a write%n",
          client.problems().size(), client.longest().toMillis());
      nothingIsLost(client);
    }
    assertThat(operations("switchover")).allMatch(each -> each.state() == OperationState.DONE);
    assertThat(proxy()).isEqualTo("leads to " + to);
  }

  @Test
  @DisplayName("postgres/S21: Pgpool-II is away in a failover: stale, and led on as it is back")
  void away() throws IOException, SQLException {
    orders.awaitWhole();
    String old = orders.primary();
    pool.stop();
    lab.cluster().processes(old).kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(orders.primary()).as(this::story).isNotIn(old, "none");
          assertThat(orders.view().diagnosis().sentence()).contains("1 of 1 proxies stale: g");
        });
    String now = orders.primary();
    pool.start();
    orders.awaitWhole();
    assertThat(proxy()).isEqualTo("leads to " + now);
    try (ProxyClient client = client()) {
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
    assertThat(orders.primary()).as("nothing moved back").isEqualTo(now);
  }

  @Test
  @DisplayName("A failover with Pgpool-II there: its clients come to the new primary")
  void failover() throws IOException, SQLException {
    orders.awaitWhole();
    String old = orders.primary();
    try (ProxyClient client = client()) {
      writes(client, 20);
      lab.cluster().processes(old).kill();
      await().atMost(LONG).until(() -> !List.of(old, "none").contains(orders.primary()));
      writes(client, 20);
      orders.awaitWhole();
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
    assertThat(proxy()).isEqualTo("leads to " + orders.primary());
  }

  @Test
  @DisplayName("Nodes that somebody detached, the primary's too, are attached again")
  void drift() throws IOException, SQLException {
    orders.awaitWhole();
    String primary = orders.primary();
    long before = operations("repoint").count();
    pool.detach(NAMES.indexOf(other()));
    await().atMost(LONG).until(() -> operations("repoint").count() > before);
    orders.awaitWhole();
    pool.detach(NAMES.indexOf(primary));
    await().atMost(LONG).until(() -> operations("repoint").count() > before + 1);
    orders.awaitWhole();
    assertThat(orders.primary()).isEqualTo(primary);
    try (ProxyClient client = client()) {
      writes(client, 20);
    }
  }
}
