package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.HaltingStore.Side;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.Acknowledgements;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two daemons on one store: one acts, the other answers, and takes over. */
@Timeout(300)
final class TwoDaemonsIT {
  /** In the middle of a failover: the cut-offs are durable, nobody is promoted yet. */
  private static final int MIDDLE = 3;

  private Company company;

  @BeforeEach
  void open() throws IOException, InterruptedException, SQLException {
    company = Company.open();
  }

  @AfterEach
  void close() throws IOException {
    company.close();
  }

  /**
   * Reads are answered from what it sees and what the store holds, commands by the leader's name.
   */
  private void answersReads() throws IOException, InterruptedException {
    DaemonProcess second = company.second();
    assertThat(second.view().flag("leading")).isFalse();
    assertThat(second.view().list("members")).hasSize(3);
    await()
        .atMost(Company.LONG)
        .untilAsserted(() ->
            assertThat(operations(second)).isEqualTo(operations(company.first())).isNotEmpty());
    DaemonProcess.Answer refused = second.begin("switchover", "k", "{}");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body().text("type")).endsWith("not-leading");
    assertThat(refused.body().text("detail") + refused.body().text("title"))
        .contains("accept-commands: false")
        .contains(company.first().address());
    assertThat(second.get("/api/v1/resources/postgres/orders/operations").status()).isEqualTo(200);
  }

  private static List<String> operations(DaemonProcess daemon) {
    return daemon.view().list("operations").stream().map(each -> each.text("id")).toList();
  }

  private record Before(String primary, long id, long nanos, Promotions promotions, long epoch) {}

  private Before before() throws IOException {
    Node view = company.first().view();
    return new Before(
        Views.primary(view).orElseThrow(),
        company.prober().mark(),
        System.nanoTime(),
        Promotions.count(company.lab()),
        view.number("epoch"));
  }

  private void check(Before before) throws IOException, SQLException {
    List<String> primaries = company.primaries();
    assertThat(primaries).as(company.second()::story).hasSize(1);
    String primary = primaries.getFirst();
    assertThat(primary).isNotEqualTo(before.primary());
    assertThat(Promotions.count(company.lab()).since(before.promotions()))
        .containsOnlyKeys(primary)
        .containsEntry(primary, 1L);
    Acknowledgements all =
        new Acknowledgements(
            company.prober().acknowledgements().inOrder().stream()
                .filter(each -> each.id() >= before.id())
                .toList());
    assertThat(all.lost(company.prober().present(primary, before.id()))).isZero();
    assertThat(all.dual(before.primary(), primary, before.nanos(), System.nanoTime())).isZero();
  }

  @Test
  @DisplayName(
      "postgres/S8: one leads, the other answers reads and names it; the leader is killed in the middle of a failover, and the other finishes it")
  void killed() throws IOException, InterruptedException, SQLException {
    answersReads();
    Before before = before();
    company.order(Side.AFTER, MIDDLE);
    company.lab().cluster().processes(before.primary()).kill();
    await().atMost(Company.LONG).until(() -> !company.first().alive());
    long dead = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Company.LONG)
        .until(() ->
            Views.primary(company.second().view())
                .filter(it -> !it.equals(before.primary()))
                .isPresent());
    long moved = System.nanoTime();
    Company.awaitWhole(company.second());
    check(before);
    assertThat(company.second().view().number("epoch")).isGreaterThan(before.epoch());
    System.out.printf(
        "measured: the leader killed at commit %d of a failover: a primary %d ms later%n",
        MIDDLE, Duration.ofNanos(moved - dead).toMillis());
  }

  @Test
  @DisplayName(
      "postgres/S9: the leader is frozen as it is about to promote; the other one finishes it, and the thawed one is refused everywhere")
  void frozen() throws IOException, InterruptedException, SQLException {
    Before before = before();
    company.order(Side.FREEZE, MIDDLE);
    company.lab().cluster().processes(before.primary()).kill();
    await().atMost(Company.LONG).until(company.first()::frozen);
    Company.awaitWhole(company.second());
    Node whole = company.second().view();
    company.thaw();
    await()
        .atMost(Company.LONG)
        .until(() ->
            !company.first().view().flag("leading")
                && company.first().view().number("epoch") == whole.number("epoch"));
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Company.LONG)
        .until(() ->
            company.second().view().flag("leading") && !company.first().view().flag("leading"));
    check(before);
    Node now = company.second().view();
    assertThat(now.number("epoch")).isEqualTo(whole.number("epoch"));
    assertThat(Views.lastNumber(now)).isEqualTo(Views.lastNumber(whole));
    DaemonProcess.Answer refused = company.first().begin("switchover", "late", "{}");
    assertThat(refused.body().text("type")).endsWith("not-leading");
    assertThat(refused.body().text("detail") + refused.body().text("title"))
        .contains(company.second().address());
  }

  /** It does not lead, and shows what it sees now. */
  private static boolean watches(DaemonProcess daemon) {
    Node view = daemon.view();
    return !Views.code(view).isEmpty() && !view.flag("leading");
  }

  @Test
  @DisplayName(
      "postgres/S10: the store is down: watching goes on, nothing moves by itself, the primary goes on; with it back the failover comes")
  void storeDown() throws IOException, SQLException {
    Before before = before();
    company.server().processes().kill();
    await().atMost(Company.LONG).until(() -> watches(company.first()) && watches(company.second()));
    long from = System.nanoTime();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Company.LONG)
        .until(() ->
            company.prober().acknowledgements().gap(from, System.nanoTime()).toMillis() < 2_500);
    company.lab().cluster().processes(before.primary()).kill();
    await()
        .atMost(Company.LONG)
        .until(() -> Views.code(company.first().view()).equals("primary-dead"));
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Company.LONG)
        .until(() ->
            Promotions.count(company.lab()).since(before.promotions()).isEmpty()
                && company.primaries().isEmpty());
    company.server().again();
    await()
        .atMost(Company.LONG)
        .untilAsserted(() ->
            assertThat(Views.whole(company.first().view()) || Views.whole(company.second().view()))
                .as(() -> company.first().story() + company.second().story())
                .isTrue());
    check(before);
  }
}
