package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PgPoolServer;
import io.cotidal.lab.Prober;
import io.cotidal.lab.ProxyClient;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
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
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Actor EVE = new Actor("eve");
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final List<String> NAMES = List.of("a", "b", "c");

  private ClusterLab lab;
  private Wiring wiring;
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
    wiring = Wiring.start(lab.configuration(), "test");
    await().atMost(LONG).until(() -> view().leading());
    ask("create", Details.of("primary", "a"));
    await().atMost(LONG).until(() -> primary().equals("a"));
    pool.start();
    awaitWhole();
  }

  @AfterAll
  void close() throws IOException {
    if (wiring != null) {
      wiring.close();
    }
    if (pool != null) {
      pool.stop();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private ResourceView view() {
    return wiring.control().resource(ORDERS).orElseThrow();
  }

  private void awaitWhole() {
    await().atMost(LONG).untilAsserted(() -> assertThat(whole(view())).as(this::story).isTrue());
  }

  private static boolean whole(ResourceView view) {
    return view.leading()
        && view.inSync()
        && view.diagnosis().code().equals("healthy")
        && view.links().stream().filter(link -> link.state().equals("streaming")).count() == 2
        && view.links().stream().noneMatch(LinkView::planned)
        && view.operations().stream().allMatch(operation -> operation.state().ended());
  }

  private String story() {
    ResourceView view = view();
    StringBuilder text = new StringBuilder(view.diagnosis().sentence());
    view.members().forEach(member -> text.append('\n').append(member));
    for (Operation operation : view.operations()) {
      text.append('\n').append(operation.id()).append(' ').append(operation.type());
      text.append(' ').append(operation.state()).append(' ').append(operation.note());
      operation.steps().stream()
          .filter(row -> !row.problem().isEmpty())
          .forEach(row -> text.append("\n  ").append(row.key()).append(' ').append(row.problem()));
    }
    try {
      return text.append('\n').append(pool.said()).toString();
    } catch (IOException e) {
      return text.append('\n').append(e).toString();
    }
  }

  private String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  private String other() {
    return NAMES.stream().filter(name -> !name.equals(primary())).findFirst().orElseThrow();
  }

  private void ask(String type, Details input) {
    Command command = new Command.Begin(EVE, type, input, null, false);
    assertThat(wiring.control().command(ORDERS, command).join()).isInstanceOf(Reply.Accepted.class);
  }

  private Stream<Operation> operations(String type) {
    return view().operations().stream().filter(operation -> operation.type().equals(type));
  }

  private String proxy() {
    return view().members().stream()
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
                lab.cluster().member(primary()), lab.cluster().login(), acknowledged.getFirst()))
        .containsAll(acknowledged);
  }

  @Test
  @DisplayName("A switchover leads Pgpool-II to the new primary, and the old one comes back to it")
  void switchover() throws SQLException {
    awaitWhole();
    String to = other();
    try (ProxyClient client = client()) {
      writes(client, 20);
      ask("switchover", Details.of("to", to));
      await().atMost(LONG).until(() -> primary().equals(to));
      awaitWhole();
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
    awaitWhole();
    String old = primary();
    pool.stop();
    lab.cluster().processes(old).kill();
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(primary()).as(this::story).isNotIn(old, "none");
          assertThat(view().diagnosis().sentence()).contains("1 of 1 proxies stale: g");
        });
    String now = primary();
    pool.start();
    awaitWhole();
    assertThat(proxy()).isEqualTo("leads to " + now);
    try (ProxyClient client = client()) {
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
    assertThat(primary()).as("nothing moved back").isEqualTo(now);
  }

  @Test
  @DisplayName("A failover with Pgpool-II there: its clients come to the new primary")
  void failover() throws IOException, SQLException {
    awaitWhole();
    String old = primary();
    try (ProxyClient client = client()) {
      writes(client, 20);
      lab.cluster().processes(old).kill();
      await().atMost(LONG).until(() -> !List.of(old, "none").contains(primary()));
      writes(client, 20);
      awaitWhole();
      writes(client, 20);
      client.stop();
      nothingIsLost(client);
    }
    assertThat(proxy()).isEqualTo("leads to " + primary());
  }

  @Test
  @DisplayName("Nodes that somebody detached, the primary's too, are attached again")
  void drift() throws IOException, SQLException {
    awaitWhole();
    String primary = primary();
    long before = operations("repoint").count();
    pool.detach(NAMES.indexOf(other()));
    await().atMost(LONG).until(() -> operations("repoint").count() > before);
    awaitWhole();
    pool.detach(NAMES.indexOf(primary));
    await().atMost(LONG).until(() -> operations("repoint").count() > before + 1);
    awaitWhole();
    assertThat(primary()).isEqualTo(primary);
    try (ProxyClient client = client()) {
      writes(client, 20);
    }
  }
}
