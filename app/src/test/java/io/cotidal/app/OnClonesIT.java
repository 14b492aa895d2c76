package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Command;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.Target;
import io.cotidal.model.Actor;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A failover rehearsed on throw-away clones of three real members, which go on undisturbed. */
@Timeout(300)
final class OnClonesIT {
  private static final Duration LONG = OrdersDaemon.LONG;
  private static final Details ON_CLONES = Details.of("on-clones", "true");

  private ClusterLab lab;
  private OrdersDaemon orders;

  @BeforeEach
  void open() throws IOException {
    lab = ClusterLab.open(PostgresBinaries.installed(15).orElseThrow());
  }

  @AfterEach
  void close() throws IOException {
    if (orders != null) {
      orders.close();
    }
    lab.close();
  }

  private void create(Map<String, String> changes) throws IOException, StartFailure {
    Path file = lab.cluster().configuration();
    String text = Files.readString(file);
    for (Map.Entry<String, String> each : changes.entrySet()) {
      text = text.replace(each.getKey(), each.getValue());
    }
    Files.writeString(file, text);
    orders = OrdersDaemon.start(lab.configuration());
    orders.create();
  }

  private Path root() {
    return lab.cluster().folder().resolve("rehearsals");
  }

  private List<Path> left() throws IOException {
    Path ours = root().resolve("orders");
    if (!Files.isDirectory(ours)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(ours)) {
      return folders.toList();
    }
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(left()).isEmpty();
    assertThat(new ProcessTable().workingUnder(root(), "postgres")).isEmpty();
  }

  /** What a member is, in its own words: whatever a rehearsal could have changed. */
  private String portrait(Target member) throws PgException {
    Login login =
        new Login(
            member.host(),
            member.port(),
            "postgres",
            lab.cluster().login().user(),
            new Secret(lab.cluster().login().password().reveal()),
            "portrait");
    try (PgSession session = PgSession.open(login, LONG)) {
      return session.one(
          """
          SELECT concat_ws(' | ', pg_is_in_recovery(),
            (SELECT string_agg(slot_name || slot_type, ',' ORDER BY slot_name)
             FROM pg_replication_slots),
            (SELECT md5(string_agg(name || '=' || setting, ',' ORDER BY name)) FROM pg_settings
             WHERE name NOT IN ('transaction_read_only', 'application_name', 'in_hot_standby')),
            (SELECT string_agg(rolname || rolcanlogin, ',' ORDER BY rolname) FROM pg_roles),
            (SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database),
            (SELECT string_agg(application_name, ',' ORDER BY application_name)
             FROM pg_stat_replication),
            (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%rehears%'))
          """,
          LONG, row -> row.getString(1));
    }
  }

  private Map<String, String> portraits() throws PgException {
    Map<String, String> all = new TreeMap<>();
    for (Target each : lab.cluster().members()) {
      all.put(each.member(), portrait(each));
    }
    return all;
  }

  private Details measured(Operation operation) {
    return operation.step("measured").orElseThrow().evidence();
  }

  @Test
  @DisplayName(
      "the primary's clone is killed: outage, successor and loss are measured; the real members are"
          + " as they were, and nothing is left")
  void killed() throws IOException, StartFailure, PgException {
    create(Map.of());
    Map<String, String> before = portraits();
    Operation done = orders.done("rehearse", ON_CLONES);
    assertThat(done.type()).isEqualTo("rehearse-on-clones");
    Details measured = measured(done);
    assertThat(measured.need("promoted")).isIn("b", "c");
    assertThat(measured.need("outage")).contains("no writes for", "foretold were about");
    assertThat(Long.parseLong(measured.need("outage-ms"))).isBetween(100L, 60_000L);
    assertThat(measured.need("lost")).isEqualTo("0");
    assertThat(measured.need("dual")).isEqualTo("0");
    assertThat(measured.need("candidate")).contains("told their position");
    assertThat(portraits()).isEqualTo(before);
    assertThat(orders.primary()).isEqualTo("a");
    assertThat(orders.newest("failover")).isEmpty();
    assertThat(orders.view().members()).hasSize(3).allMatch(OnClonesIT::answers);
    assertNothingIsLeft();
  }

  private static boolean answers(MemberView member) {
    return member.answers() == Answers.YES;
  }

  @Test
  @DisplayName("a frozen primary that waits for nobody is proven gone by its guard, on clones too")
  void frozenAndGuarded() throws IOException, StartFailure {
    create(
        Map.of(
            "quorum: 1", "quorum: 0", "failover: {", "failover: {guard: 4s, fencing: proxies, "));
    Operation done = orders.done("rehearse", ON_CLONES.with("fault", "frozen"));
    Details measured = measured(done);
    assertThat(measured.need("promoted")).isIn("b", "c");
    assertThat(measured.need("dual")).isEqualTo("0");
    assertThat(Long.parseLong(measured.need("outage-ms"))).isGreaterThan(3_000);
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("a switchover of clones loses nothing; a real failover ends a rehearsal at once")
  void switchedOverAndBrokenOff() throws IOException, StartFailure {
    create(Map.of());
    Details measured = measured(orders.done("rehearse", ON_CLONES.with("fault", "switchover")));
    assertThat(measured.need("lost")).isEqualTo("0");
    assertThat(measured.need("dual")).isEqualTo("0");
    assertNothingIsLeft();

    Operation begun = orders.ask("rehearse", ON_CLONES);
    await()
        .atMost(LONG)
        .until(() -> !new ProcessTable().workingUnder(root(), "postgres").isEmpty());
    lab.cluster().processes("a").kill();
    Operation ended = orders.ended(begun);
    assertThat(ended.state()).isIn(OperationState.CANCELLED, OperationState.FAILED);
    await().atMost(LONG).until(() -> List.of("b", "c").contains(orders.primary()));
    orders.awaitWhole();
    assertThat(orders.newest("failover").orElseThrow().state()).isEqualTo(OperationState.DONE);
    await().atMost(LONG).untilAsserted(this::assertNothingIsLeft);
  }

  @Test
  @DisplayName("a frozen primary that is fenced by the quorum acknowledges nothing once it goes on")
  void frozenAndThawed() throws IOException, StartFailure {
    create(Map.of("fence: process", "fence: quorum"));
    Details measured = measured(orders.done("rehearse", ON_CLONES.with("fault", "frozen")));
    assertThat(measured.need("promoted")).isIn("b", "c");
    assertThat(measured.need("lost")).isEqualTo("0");
    assertThat(measured.need("dual")).isEqualTo("0");
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("it is cancelled at any time, and leaves nothing")
  void cancelled() throws IOException, StartFailure {
    create(Map.of());
    Operation begun = orders.ask("rehearse", ON_CLONES);
    await()
        .atMost(LONG)
        .until(() -> !new ProcessTable().workingUnder(root(), "postgres").isEmpty());
    orders
        .control()
        .command(OrdersDaemon.ORDERS, new Command.Cancel(new Actor("eve"), begun.number()))
        .join();
    assertThat(orders.ended(begun).state()).isEqualTo(OperationState.CANCELLED);
    await().atMost(LONG).untilAsserted(this::assertNothingIsLeft);
  }

  @Test
  @DisplayName("a daemon that stops ends its rehearsal, and leaves nothing")
  void stopped() throws IOException, StartFailure {
    create(Map.of());
    orders.ask("rehearse", ON_CLONES);
    await()
        .atMost(LONG)
        .until(() -> !new ProcessTable().workingUnder(root(), "postgres").isEmpty());
    orders.close();
    orders = null;
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("what a killed daemon leaves of a rehearsal is ended and removed by the next one")
  void daemonKilled() throws IOException, InterruptedException, StartFailure {
    create(Map.of());
    orders.close();
    orders = null;
    DaemonProcess daemon = DaemonProcess.serve(lab);
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() ->
            daemon.beginOnceFree("rehearse", "once", "{\"on-clones\": \"true\"}").status() < 300);
    await()
        .atMost(LONG)
        .until(() -> !new ProcessTable().workingUnder(root(), "postgres").isEmpty());
    daemon.kill();
    assertThat(left()).isNotEmpty();
    daemon.again();
    await().atMost(LONG).untilAsserted(this::assertNothingIsLeft);
    daemon.kill();
  }
}
