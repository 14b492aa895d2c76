package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.Prober;
import io.cotidal.lab.Target;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A primary that its clients and the daemon reach, and its replicas do not. Members name one
 * another by an address at which a proxy listens, which drops what comes, as a packet filter does.
 */
@Timeout(240)
final class PrimaryIsolatedIT {
  private static final Duration LONG = OrdersDaemon.LONG;

  /** More than the eight seconds by as much as the rest may take on a busy machine. */
  private static final Duration GAP = Duration.ofSeconds(20);

  private static final String MEMBERS = "127.0.0.3";
  private static final int SOME = 50;

  private ClusterLab lab;
  private final List<FaultProxy> ways = new ArrayList<>();
  private OrdersDaemon orders;
  private Prober prober;

  /** Begins with a cluster that is whole; {@code failover} is more of its configuration. */
  private void open(String failover) throws IOException, StartFailure, SQLException {
    lab = ClusterLab.open();
    DemoCluster cluster = lab.cluster();
    ClusterSettings settings = ClusterSettings.listening(lab.registry().port());
    for (Target member : cluster.members()) {
      ways.add(
          new FaultProxy(
              new InetSocketAddress(InetAddress.ofLiteral(MEMBERS), member.port()),
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), member.port())));
      settings =
          settings.member(
              member.member(),
              "data: \"%s\", addresses: {replication: %s}"
                  .formatted(cluster.data(member.member()), MEMBERS));
    }
    cluster.configure(settings);
    Path file = cluster.configuration();
    Files.writeString(
        file, Files.readString(file).replace("failover: {", "failover: {" + failover));
    orders = OrdersDaemon.start(lab.configuration());
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("not-created"));
    orders.create();
    prober = Prober.start(cluster.members(), cluster.login(), 1);
    await().atMost(LONG).until(() -> prober.acknowledgements().inOrder().size() > SOME);
  }

  @AfterEach
  void close() throws IOException {
    if (prober != null) {
      prober.close();
    }
    if (orders != null) {
      orders.close();
    }
    if (lab != null) {
      lab.close();
    }
    for (FaultProxy way : ways) {
      way.close();
    }
  }

  /** No replica hears a any more. */
  private void cut() {
    ways.getFirst().hold(FaultProxy.Way.TO_SERVER);
    ways.getFirst().hold(FaultProxy.Way.TO_CLIENT);
  }

  private String awaitSuccessor() {
    await().atMost(LONG).until(() -> List.of("b", "c").contains(orders.primary()));
    return orders.primary();
  }

  /** After the mend all is whole, and nobody was told what is not true. */
  private void awaitHealed(String successor, long from) throws IOException, SQLException {
    ways.getFirst().mend();
    orders.awaitWhole();
    assertThat(orders.primary()).as(orders::story).isEqualTo(successor);
    assertThat(orders.newest("rejoin").map(Operation::state))
        .as(orders::story)
        .contains(OperationState.DONE);
    prober.close();
    Acknowledgements all = prober.acknowledgements();
    assertThat(all.dual("a", successor, from, System.nanoTime())).as(orders::story).isZero();
    assertThat(all.lost(prober.present(successor, 1))).as(orders::story).isZero();
  }

  @Test
  @DisplayName(
      "postgres/S6: no replica hears the primary, which we and its clients reach: commits wait, and"
          + " it is fenced and replaced; nothing is lost")
  void replaced() throws IOException, StartFailure, SQLException {
    open("");
    long from = System.nanoTime();
    cut();
    String successor = awaitSuccessor();
    await().atMost(LONG).until(() -> prober.acknowledgements().count(successor, from) > SOME);
    Operation failover = orders.newest("failover").orElseThrow();
    assertThat(failover.reason()).contains("no replica hears it");
    assertThat(failover.step("fence a").map(row -> row.state().name()))
        .as(orders::story)
        .contains("DONE");
    List<Acknowledgement> after =
        prober.acknowledgements().inOrder().stream().filter(each -> each.nanos() >= from).toList();
    Optional<Acknowledgement> first =
        after.stream().filter(each -> each.member().equals(successor)).findFirst();
    Duration gap = Duration.ofNanos(first.orElseThrow().nanos() - from);
    System.out.println("measured: isolated primary replaced after " + gap.toMillis() + " ms");
    assertThat(gap).as(orders::story).isBetween(Duration.ofSeconds(7), GAP);
    awaitHealed(successor, from);
  }

  @Test
  @DisplayName(
      "postgres/S6: the same, and nobody writes: it is left alone and said to be degraded; as soon"
          + " as somebody does and has waited, it is replaced")
  void idleFirst() throws IOException, StartFailure, SQLException {
    open("isolated: 3s, ");
    prober.close();
    long mark = prober.mark();
    Acknowledgements before = prober.acknowledgements();
    cut();
    await().atMost(LONG).until(() -> orders.view().diagnosis().code().equals("degraded"));
    await()
        .during(Duration.ofSeconds(6))
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(orders.view().diagnosis().code()).as(orders::story).isEqualTo("degraded");
          assertThat(orders.primary()).isEqualTo("a");
        });
    assertThat(orders.view().diagnosis().sentence())
        .contains("b does not stream from a", "c does not stream from a");
    assertThat(orders.newest("failover")).as(orders::story).isEmpty();

    long from = System.nanoTime();
    DemoCluster cluster = lab.cluster();
    prober = Prober.start(cluster.members(), cluster.login(), mark);
    String successor = awaitSuccessor();
    await().atMost(LONG).until(() -> prober.acknowledgements().count(successor, from) > SOME);
    awaitHealed(successor, from);
    assertThat(before.lost(prober.present(successor, 1))).as(orders::story).isZero();
  }

  @Test
  @Tag("slow")
  @DisplayName(
      "postgres/S6: the same, and it is not to be replaced: replicas that could follow are told to"
          + " follow again and again, and none is stopped or copied; all is whole after the mend")
  void waited() throws IOException, StartFailure, SQLException {
    open("isolated: 0ms, ");
    cut();
    await().atMost(LONG).until(() -> List.of("b", "c").stream().allMatch(this::triedLong));
    assertThat(orders.newest("rejoin")).as(orders::story).isEmpty();
    assertThat(orders.primary()).isEqualTo("a");

    long mended = System.nanoTime();
    ways.getFirst().mend();
    orders.awaitWhole();
    System.out.println(
        "measured: whole "
            + Duration.ofNanos(System.nanoTime() - mended).toMillis()
            + " ms after a cut that nobody was replaced for");
    assertThat(orders.newest("rejoin")).as(orders::story).isEmpty();
    prober.close();
    assertThat(prober.acknowledgements().lost(prober.present("a", 1))).isZero();
  }

  /** Whether it was told to follow more often in vain than would do for something stronger. */
  private boolean triedLong(String member) {
    return orders.view().operations().stream()
            .filter(each -> each.type().equals("follow"))
            .filter(each -> each.input().get("member", "").equals(member))
            .filter(each -> each.state() == OperationState.FAILED)
            .count()
        > 3;
  }
}
