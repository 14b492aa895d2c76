package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.cli.api.Node;
import io.cotidal.engine.Store;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.acts.Acts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An asynchronous primary whose replicas hear nothing of it any more, while clients go on: what it
 * alone has is counted before it is taken back.
 */
@Timeout(300)
final class LossesIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final InetAddress HOST = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress REPLICATION = InetAddress.ofLiteral("127.0.0.3");

  private ClusterLab lab;
  private FaultProxy way;
  private OrdersDaemon orders;
  private volatile boolean told;

  /**
   * Begins with a cluster that is whole.
   *
   * @param quorum for how many replicas commits wait
   */
  private void open(int quorum) throws IOException, StartFailure {
    Optional<Path> bin = PostgresBinaries.installed(15);
    assumeTrue(
        bin.isPresent() || System.getenv("CI") != null, "SKIPPED: apt-get install postgresql-15");
    lab = ClusterLab.open(bin.orElseThrow());
    DemoCluster cluster = lab.cluster();
    int port = cluster.member("a").port();
    way =
        new FaultProxy(new InetSocketAddress(REPLICATION, port), new InetSocketAddress(HOST, port));
    cluster.configure(
        ClusterSettings.listening(lab.registry().port())
            .member(
                "a", "data: \"" + cluster.data("a") + "\", addresses: {replication: 127.0.0.3}"));
    Path file = cluster.configuration();
    Files.writeString(file, Files.readString(file).replace("quorum: 1", "quorum: " + quorum));
    orders = OrdersDaemon.start(lab.configuration());
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("not-created"));
    orders.create();
  }

  @AfterEach
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    if (lab != null) {
      lab.close();
    }
    if (way != null) {
      way.close();
    }
  }

  private Connection connect(String member) throws SQLException {
    DemoCluster cluster = lab.cluster();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + cluster.member(member).port() + "/postgres",
        cluster.login().user(),
        cluster.login().password().reveal());
  }

  private static void run(Connection session, String... statements) throws SQLException {
    try (Statement statement = session.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /**
   * Six committed transactions, one of them with a subtransaction; and one that was rolled back.
   */
  private void writeUnheard() throws SQLException {
    try (Connection session = connect("a")) {
      run(
          session,
          "INSERT INTO shop.orders VALUES (1, 'one')",
          "BEGIN",
          "INSERT INTO shop.orders VALUES (2, 'two')",
          "SAVEPOINT inner_one",
          "INSERT INTO shop.orders VALUES (3, 'three')",
          "RELEASE inner_one",
          "COMMIT",
          "BEGIN",
          "INSERT INTO shop.orders VALUES (4, 'rolled back')",
          "ROLLBACK",
          "INSERT INTO shop.items SELECT g, 'new' FROM generate_series(11, 13) g",
          "DELETE FROM shop.items WHERE id IN (1, 2)",
          "UPDATE shop.orders SET note = 'changed' WHERE id = 1",
          "TRUNCATE shop.emptied");
    }
  }

  private ResourceApi api() throws IOException {
    return ResourceApi.of(orders.uri().getPort(), orders.token(), "postgres/orders");
  }

  private void awaitFailover(String from) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(orders.primary()).as(orders::story).isNotIn(from, "none"));
  }

  private Operation rejoined(String member, long after) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Optional<Operation> rejoin =
              orders
                  .newest("rejoin")
                  .filter(each -> each.number() > after)
                  .filter(each -> each.input().get("member", "").equals(member));
          assertThat(rejoin.map(Operation::state)).as(orders::story).contains(OperationState.DONE);
        });
    return orders.newest("rejoin").orElseThrow();
  }

  private List<String> events(String code) {
    return orders.control().events(OrdersDaemon.ORDERS, 0, 1000).stream()
        .map(Store.LoggedEvent::event)
        .filter(event -> event.code().equals(code))
        .map(event -> event.text())
        .toList();
  }

  @Test
  @DisplayName(
      "postgres/S2, postgres/S12: what an asynchronous failover lost is told by transaction and table")
  void told() throws Exception {
    open(0);
    try (Connection session = connect("a")) {
      run(
          session,
          "CREATE SCHEMA shop",
          "CREATE TABLE shop.orders (id int PRIMARY KEY, note text)",
          "CREATE TABLE shop.items (id int PRIMARY KEY, note text)",
          "CREATE TABLE shop.emptied (id int)",
          "INSERT INTO shop.items SELECT g, 'old' FROM generate_series(1, 10) g",
          "INSERT INTO shop.emptied VALUES (1)");
    }
    assertThat(api().ask("losses", Map.of()).text("sentence"))
        .isEqualTo("no old primary has been taken back yet");
    awaitHeard("shop.emptied");
    way.hold(FaultProxy.Way.TO_CLIENT);
    writeUnheard();
    lab.cluster().processes("a").kill();
    awaitFailover("a");
    String second = orders.primary();
    way.mend();
    Operation rejoin = rejoined("a", 0);
    orders.awaitWhole();

    StepRecord kept =
        rejoin.steps().stream()
            .filter(row -> row.step().act().equals(Acts.KEEP_TAIL))
            .findFirst()
            .orElseThrow();
    assertThat(kept.evidence().need("transactions")).as(orders::story).isEqualTo("6");
    Node losses = api().ask("losses", Map.of());
    Node loss = losses.list("lines").getFirst();
    assertThat(loss.text("verdict")).isEqualTo("no");
    Node facts = loss.at("facts");
    assertThat(facts.text("transactions")).isEqualTo("6");
    assertThat(facts.text("subtransactions")).isEqualTo("1");
    assertThat(facts.text("rolled-back")).isEqualTo("1");
    assertThat(facts.text("system")).isEqualTo("0");
    assertThat(facts.text("old-primary")).isEqualTo("a");
    assertThat(facts.text("primary")).isEqualTo(second);
    assertThat(facts.text("quorum")).isEqualTo("false");
    assertThat(facts.text("fork")).matches("[0-9A-F]+/[0-9A-F]+");
    assertThat(facts.text("tables").split("; "))
        .containsExactlyInAnyOrder(
            "shop.items of postgres: 3 inserted, 2 deleted",
            "shop.orders of postgres: 3 inserted, 1 updated",
            "shop.emptied of postgres: 1 truncated");
    Path folder = Path.of(facts.text("folder"));
    assertThat(Files.readAllLines(folder.resolve("transactions.tsv"))).hasSize(7);
    assertThat(Files.readString(folder.resolve("summary.json")))
        .contains("shop.orders of postgres");
    assertThat(events("transactions-lost"))
        .singleElement()
        .asString()
        .contains("6 transactions of a", "5 rows in shop.items", "are not in " + second)
        .contains("kept in " + folder);
    Node one = api().ask("losses", Map.of("of", loss.text("subject")));
    assertThat(one.list("lines")).hasSize(4);

    lab.cluster().processes(second).kill();
    awaitFailover(second);
    Operation again = rejoined(second, rejoin.number());
    orders.awaitWhole();
    Node newest = api().ask("losses", Map.of()).list("lines").getFirst();
    assertThat(newest.text("sentence"))
        .as(again.toString())
        .contains("'s log ends where ", "nothing is lost");
    assertThat(events("nothing-lost")).hasSize(1);
    assertThat(events("transactions-lost")).hasSize(1);
  }

  private void awaitHeard(String table) {
    for (String replica : List.of("b", "c")) {
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> {
            try (Connection session = connect(replica);
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
              return rows.next() && rows.getLong(1) == 1;
            }
          });
    }
  }

  @Test
  @DisplayName(
      "postgres/S2: with a quorum what is lost was told to nobody who waited, and that is said")
  void toldToNobody() throws Exception {
    open(1);
    try (Connection session = connect("a")) {
      run(session, "CREATE TABLE orders (id int PRIMARY KEY)", "INSERT INTO orders VALUES (1)");
    }
    awaitHeard("orders");
    way.hold(FaultProxy.Way.TO_CLIENT);
    Thread waits = Thread.ofVirtual().start(this::insertInVain);
    awaitWaiting();
    lab.cluster().processes("a").kill();
    waits.join();
    awaitFailover("a");
    way.mend();
    rejoined("a", 0);
    orders.awaitWhole();
    Node loss = api().ask("losses", Map.of()).list("lines").getFirst();
    assertThat(loss.at("facts").text("tables")).isEqualTo("public.orders of postgres: 1 inserted");
    assertThat(loss.text("sentence"))
        .endsWith("nobody who waited for the quorum was told that they were committed");
    assertThat(told).isFalse();
  }

  private void insertInVain() {
    try (Connection session = connect("a")) {
      run(session, "INSERT INTO orders VALUES (2)");
      told = true;
    } catch (SQLException e) {
      // Its server is killed while it waits.
    }
  }

  private void awaitWaiting() {
    await()
        .atMost(LONG)
        .until(() -> {
          try (Connection session = connect("a");
              Statement statement = session.createStatement();
              ResultSet rows =
                  statement.executeQuery(
                      "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                          + " AND query LIKE 'INSERT INTO orders%'")) {
            return rows.next() && rows.getLong(1) == 1;
          }
        });
  }
}
