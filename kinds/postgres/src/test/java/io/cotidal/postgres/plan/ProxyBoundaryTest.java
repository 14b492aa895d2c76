package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Row;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Secret;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.proxying.ProxiedKind;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Changes of primary through two proxies, with the control plane killed at every boundary: in the
 * end every proxy leads to the primary and holds nobody back, and no server is stopped in order
 * while clients come through.
 */
@Timeout(60)
class ProxyBoundaryTest {
  private static final MemberId P1 = new MemberId("p1");
  private static final MemberId P2 = new MemberId("p2");

  /** What happens. */
  enum Story {
    SWITCHOVER,
    PAUSE_IS_HELD_UP,
    FAILOVER,
    PROXY_AWAY,
    SILENT,
    SILENT_AND_NO_CUT,
    DRIFT
  }

  private static final Set<Story> DEGRADED =
      Set.of(Story.PROXY_AWAY, Story.SILENT, Story.SILENT_AND_NO_CUT);

  private static PostgresSpec spec() {
    return Scene.spec(1, Failover.DEFAULT)
        .with(new Practice(Policy.NONE, List.of(bouncer(P1), bouncer(P2))));
  }

  private static Proxy bouncer(MemberId id) {
    return new Proxy.PgBouncer(
        id,
        new Proxy.Console("127.0.0.1", 6432, "pgbouncer", new Secret("s")),
        Path.of("/srv/" + id),
        new TreeMap<>());
  }

  private static Desk before(Story story) {
    PaperCluster world = new PaperCluster().whole();
    world.proxies.add(P1, A);
    world.proxies.add(P2, A);
    Desk desk = new Desk(world, spec());
    adopt(desk);
    desk.start().settle();
    world.proxies.get(P1).canPause =
        story != Story.PAUSE_IS_HELD_UP && story != Story.SILENT_AND_NO_CUT;
    return desk;
  }

  private static void adopt(Desk desk) {
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
  }

  private static void happens(Story story, Desk desk) {
    PaperCluster world = desk.world;
    switch (story) {
      case FAILOVER -> die(world);
      case SILENT, SILENT_AND_NO_CUT -> world.nodes.get(A).reachable = false;
      case PROXY_AWAY -> {
        world.proxies.get(P2).reachable = false;
        die(world);
      }
      case DRIFT -> world.proxies.get(P2).leadsTo = C;
      case SWITCHOVER, PAUSE_IS_HELD_UP -> {}
    }
  }

  private static void die(PaperCluster world) {
    PaperCluster.Node node = world.nodes.get(A);
    node.control = "in production";
    node.running = false;
  }

  private static void asked(Story story, Desk desk) {
    if (story == Story.SWITCHOVER || story == Story.PAUSE_IS_HELD_UP) {
      desk.command(Switchover.NAME, Details.of(FailoverType.TO, C));
    }
  }

  private static boolean run(Story story, int boundary) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    happens(story, desk);
    int deaths = desk.outlive(() -> asked(story, desk), desk::settle, Desk.NEVER);
    ended(story, desk);
    return deaths > 0;
  }

  private static void ended(Story story, Desk desk) {
    PaperCluster world = desk.world;
    assertThat(world.wrong).isEmpty();
    MemberId primary = desk.ledger().primary().orElseThrow();
    switch (story) {
      case SWITCHOVER -> assertThat(primary).isEqualTo(C);
      case PAUSE_IS_HELD_UP, DRIFT -> assertThat(primary).isEqualTo(A);
      case FAILOVER, PROXY_AWAY -> {
        assertThat(primary).isEqualTo(B);
        assertThat(world.proxies.get(P1).cut).as("a killed primary needs no cut").isFalse();
      }
      case SILENT, SILENT_AND_NO_CUT -> {
        assertThat(primary).isEqualTo(B);
        assertThat(world.proxies.get(P1).cut).isEqualTo(story == Story.SILENT);
        assertThat(world.proxies.get(P2).cut).isTrue();
      }
    }
    for (MemberId id : List.of(P1, P2)) {
      PaperProxies.Proxy proxy = world.proxies.get(id);
      if (proxy.reachable) {
        assertThat(proxy.leadsTo).as("%s", id).isEqualTo(primary);
        assertThat(proxy.paused).as("%s is paused", id).isFalse();
      }
    }
    assertThat(desk.diagnosis()).isEqualTo(DEGRADED.contains(story) ? "degraded" : "healthy");
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("postgres/S8: with proxies, killed at every boundary: the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(2);
  }

  @Test
  @DisplayName("postgres/S21: a proxy that comes back is led on; the failover is not undone")
  void comesBack() {
    Desk desk = before(Story.PROXY_AWAY);
    happens(Story.PROXY_AWAY, desk);
    desk.settle();
    assertThat(desk.world.proxies.get(P1).leadsTo).isEqualTo(B);
    assertThat(desk.world.proxies.get(P2).leadsTo).isEqualTo(A);
    desk.world.proxies.get(P2).reachable = true;
    desk.settle();
    assertThat(desk.world.proxies.get(P2).leadsTo).isEqualTo(B);
    assertThat(desk.ledger().primary()).contains(B);
    assertThat(desk.world.promotions).containsExactly(B);
  }

  @Test
  @DisplayName("The primary comes back after its clients were cut off: they are let in again")
  void backAfterTheCut() {
    Desk desk = before(Story.SILENT);
    for (int boundary = 0; !cutAndNobodyPromoted(desk); boundary++) {
      assertThat(boundary).as("boundaries without a cut").isLessThan(60);
      desk = before(Story.SILENT);
      desk.killAfter(boundary);
      happens(Story.SILENT, desk);
      try {
        desk.settle();
      } catch (Desk.Killed end) {
        desk.killAfter(Desk.NEVER);
      }
    }
    desk.world.nodes.get(A).reachable = true;
    desk.killAfter(Desk.NEVER);
    desk.start().settle();
    assertThat(desk.ledger().primary()).contains(A);
    assertThat(desk.world.promotions).isEmpty();
    for (MemberId id : List.of(P1, P2)) {
      assertThat(desk.world.proxies.get(id).leadsTo).isEqualTo(A);
      assertThat(desk.world.proxies.get(id).paused).as("%s is paused", id).isFalse();
    }
    assertThat(desk.diagnosis()).isEqualTo("healthy");
    assertThat(desk.world.wrong).isEmpty();
  }

  private static boolean cutAndNobodyPromoted(Desk desk) {
    return desk.world.proxies.get(P1).cut && desk.world.promotions.isEmpty();
  }

  @Test
  @DisplayName("A proxy that leads readers too uses who streams, and nobody who is gone for long")
  void readers() {
    PaperCluster world = new PaperCluster().whole();
    world.proxies.add(P1, A);
    world.proxies.get(P1).attached.addAll(List.of(A, B));
    Proxy pool =
        new Proxy.PgPool(
            P1,
            new Proxy.Console("127.0.0.1", 9898, "pgpool", new Secret("s")),
            Path.of("/srv/p1"));
    Desk desk =
        new Desk(
            world, Scene.spec(1, Failover.DEFAULT).with(new Practice(Policy.NONE, List.of(pool))));
    adopt(desk);
    desk.start().settle();
    assertThat(world.proxies.get(P1).attached).containsExactly(A, B, C);
    die(world);
    desk.settle();
    assertThat(world.proxies.get(P1).leadsTo).isEqualTo(B);
    assertThat(world.proxies.get(P1).attached).contains(B, C);
    assertThat(desk.diagnosis()).isEqualTo("healthy");
  }

  @Test
  @DisplayName("A proxy that somebody else paused stays paused, and is shown")
  void pausedByHand() {
    Desk desk = before(Story.DRIFT);
    desk.world.proxies.get(P1).paused = true;
    desk.settle();
    assertThat(desk.world.proxies.get(P1).paused).isTrue();
    assertThat(desk.diagnosis()).isEqualTo("degraded");
  }

  @Test
  @DisplayName("Where nobody has a proxy, nothing of this is planned")
  void noProxies() {
    Scene scene = new Scene().looks(3);
    assertThat(new ProxiedKind().plan(scene.spec, scene.state())).isEmpty();
    assertThat(new ProxiedKind().members(scene.spec, scene.state())).hasSize(3);
  }
}
