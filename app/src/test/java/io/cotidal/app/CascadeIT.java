package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.ResourceView;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Prober;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on a cascade of three real members of PostgreSQL 15: c behind b behind a. */
@Timeout(300)
final class CascadeIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final Duration SECOND = Duration.ofSeconds(5);

  private ClusterLab lab;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException, StartFailure {
    Optional<Path> installed = PostgresBinaries.installed(15);
    lab = installed.isPresent() ? ClusterLab.open(installed.get()) : ClusterLab.open();
    Path file = lab.cluster().configuration();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{name: c,", "{name: c, follows: b,")
            .replace("    settings:\n", "    slots: {logical: true}\n    settings:\n"));
    orders = OrdersDaemon.start(lab.configuration());
    orders.awaitLeading();
    orders.ask("create", Details.of("primary", "a"));
  }

  @AfterEach
  void close() throws IOException {
    orders.close();
    lab.close();
  }

  private String sql(String member, String query) {
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
      return session.one(query, SECOND, row -> String.valueOf(row.getString(1)));
    } catch (PgException e) {
      return "nothing: " + e.getMessage();
    }
  }

  /**
   * Everybody streams from where the configuration and {@code primary} put it, and nothing else.
   */
  private void awaitTree(String primary) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(stands(primary)).as(orders::story).isTrue());
  }

  private boolean stands(String primary) {
    ResourceView view = orders.view();
    return view.leading()
        && view.inSync()
        && orders.primary().equals(primary)
        && view.members().stream().filter(MemberView::writable).count() == 1
        && view.diagnosis().code().equals("healthy")
        && view.links().size() == 2
        && view.links().stream().allMatch(link -> placed(link, primary))
        && view.operations().stream().allMatch(operation -> operation.state().ended());
  }

  private static boolean placed(LinkView link, String primary) {
    String from = link.to().name().equals("c") && !primary.equals("c") ? "b" : primary;
    return link.state().equals("streaming")
        && link.from().name().equals(from)
        && link.lagBytes() != null;
  }

  private void awaitSlots(String member, String slots) {
    String query =
        "SELECT coalesce(string_agg(slot_name, ',' ORDER BY slot_name), '')"
            + " FROM pg_replication_slots WHERE slot_type = 'physical'";
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(sql(member, query)).as(orders::story).isEqualTo(slots));
  }

  private void nothingLost(Prober prober, String member) {
    var acknowledged = prober.acknowledgements();
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(acknowledged.lost(prober.present(member, 0))).as(member).isZero());
  }

  private void awaitWrites(Prober prober) {
    long before = prober.mark();
    await().atMost(LONG).until(() -> prober.mark() > before + 10);
  }

  private static boolean putBehindPrimary(Operation operation) {
    return operation.type().equals("follow")
        && operation.input().get("member", "").equals("c")
        && !operation.input().has("upstream")
        && operation.state() == OperationState.DONE;
  }

  @Test
  @DisplayName("postgres/S27: the middle dies, then the primary: leaves reparented, nothing lost")
  void middleThenPrimary() throws Exception {
    awaitTree("a");
    awaitSlots("a", "b");
    awaitSlots("b", "c");
    assertThat(orders.view().ledger().get("quorum", "")).isEqualTo("b");
    try (Prober prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1)) {
      awaitWrites(prober);
      lab.cluster().processes("b").kill();
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(orders.view().operations())
                  .as(orders::story)
                  .anyMatch(CascadeIT::putBehindPrimary));
      awaitWrites(prober);
      nothingLost(prober, "c");
      awaitTree("a");
      awaitSlots("a", "b");
      awaitSlots("b", "c");
      assertThat(orders.primary()).isEqualTo("a");

      lab.cluster().processes("a").kill();
      await().atMost(LONG).until(() -> List.of("b", "c").contains(orders.primary()));
      String successor = orders.primary();
      awaitTree(successor);
      awaitWrites(prober);
      nothingLost(prober, successor);
      nothingLost(prober, "c");
      awaitSlots(successor, successor.equals("b") ? "a,c" : "a,b");
      awaitSlots("a", "");
    }
    slotsOfReadersAreLost();
  }

  private void slotsOfReadersAreLost() {
    String primary = orders.primary();
    String made = "SELECT slot_name FROM pg_create_logical_replication_slot('reader', 'pgoutput')";
    assertThat(sql(primary, made)).isEqualTo("reader");
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(orders.view().guarantee())
                .startsWith("zero loss")
                .contains("reader does not survive: PostgreSQL 1"));
  }
}
