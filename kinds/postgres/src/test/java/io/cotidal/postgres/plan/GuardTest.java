package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.plan.cluster.GuardWord;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Guarantee;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("a primary that waits for nobody, and is guarded")
final class GuardTest {
  private static final Details ABOUT_B = Details.of(Inputs.MEMBER, B);
  private static final Duration LEASE = Duration.ofMillis(1500);

  /** A replica leaves the list of those who may succeed after 200 ms. */
  private static final Failover SOON =
      new Failover(
              true,
              Failover.DEFAULT.tick(),
              Failover.DEFAULT.deadline(),
              Failover.DEFAULT.confirm(),
              Failover.DEFAULT.silence(),
              Failover.Fence.PROCESS,
              Duration.ofMillis(200))
          .guarded(LEASE);

  private static Desk desk(PostgresSpec spec) {
    PaperCluster world = new PaperCluster().whole();
    Desk desk = new Desk(world, spec);
    desk.store.write(
        new io.cotidal.engine.Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
    return desk.start().settle();
  }

  private static Desk guarded() {
    return desk(Scene.spec(0, SOON));
  }

  private static Optional<GuardWord> word(Desk desk) {
    return GuardWord.of(desk.store.ledger());
  }

  private static String guarantee(Desk desk) {
    return new Guarantee(desk.spec, desk.engine.state()).sentence();
  }

  @Test
  @DisplayName("it is guarded once its replicas are known, and all that is shown says so")
  void guardedOnce() {
    Desk desk = guarded();
    assertThat(word(desk)).contains(new GuardWord(List.of(B, C), LEASE));
    assertThat(desk.world.nodes.get(A).guards)
        .containsExactly(Guard.of(desk.store.epoch(), LEASE, List.of(B, C)));
    assertThat(guarantee(desk))
        .isEqualTo(
            "guarded: a commit waits for no replica; a ends itself when for 1500 ms neither"
                + " Cotidal nor all of b,c vouch for it");
    assertThat(new Guarding(desk.spec, desk.engine.state()).withoutUs())
        .contains("as long as all of b,c stream from it", "end itself within 1500 ms");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  @DisplayName("nothing guards it with a quorum, or if nobody asked for it")
  void off(int quorum) {
    Desk desk = desk(Scene.spec(quorum, quorum == 0 ? Failover.DEFAULT : SOON));
    assertThat(word(desk)).isEmpty();
    assertThat(desk.world.nodes.get(A).guards).isEmpty();
    assertThat(guarantee(desk)).startsWith(quorum == 0 ? "unguarded: " : "zero loss: ");
  }

  @Test
  @DisplayName("switched off in the configuration, it ends")
  void switchedOff() {
    Desk desk = guarded();
    Desk next = new Desk(desk.world, desk.store, Scene.spec(0, Failover.DEFAULT));
    next.start().settle();
    assertThat(word(next)).isEmpty();
    assertThat(desk.world.nodes.get(A).guards).isEmpty();
    assertThat(guarantee(next)).startsWith("unguarded: ");
  }

  @Test
  @DisplayName("a server that cannot be guarded is told, with the reason")
  void impossible() {
    Desk desk = guarded();
    desk.world.nodes.get(A).guards.clear();
    desk.world.nodes.get(A).guardable = false;
    desk.run(100);
    assertThat(desk.diagnosis()).isEqualTo("degraded");
    assertThat(desk.engine.state().recent().findFirst().orElseThrow().note())
        .contains("it cannot be guarded");
    assertThat(guarantee(desk)).startsWith("unguarded: ");
  }

  @Test
  @DisplayName("whoever leads next is whom the guard listens to; a list that changes changes it")
  void follows() {
    Desk desk = guarded();
    desk.start().settle();
    assertThat(desk.world.nodes.get(A).guards)
        .containsExactly(Guard.of(desk.store.epoch(), LEASE, List.of(B, C)));
    desk.world.nodes.get(C).reachable = false;
    desk.settle();
    assertThat(word(desk)).contains(new GuardWord(List.of(B), LEASE));
    assertThat(desk.world.nodes.get(A).guards)
        .containsExactly(Guard.of(desk.store.epoch(), LEASE, List.of(B)));
  }

  @Test
  @DisplayName("postgres/S27: it does not count on who streams from another replica")
  void cascade() {
    Desk desk = desk(CascadeTest.spec(0, SOON)).passes(25).settle();
    assertThat(desk.world.nodes.get(C).upstream).isEqualTo(B);
    assertThat(desk.ledger().quorum()).containsExactly(B, C);
    assertThat(word(desk)).contains(new GuardWord(List.of(B), LEASE));
    assertThat(desk.world.nodes.get(A).guards)
        .containsExactly(Guard.of(desk.store.epoch(), LEASE, List.of(B)));
  }

  @Test
  @DisplayName("a guard that somebody ended is begun anew")
  void ended() {
    Desk desk = guarded();
    desk.world.nodes.get(A).guards.clear();
    desk.settle();
    assertThat(desk.world.nodes.get(A).guards).hasSize(1);
    assertThat(word(desk)).isPresent();
  }

  @Test
  @DisplayName("a replica is stopped once the guard does not count on it any more")
  void stopped() {
    Desk desk = guarded();
    desk.command(TakeOut.STOP, ABOUT_B);
    desk.settle();
    assertThat(desk.world.nodes.get(B).running).as("%s", desk.store.operations()).isFalse();
    assertThat(desk.world.wrong).isEmpty();
    assertThat(word(desk)).contains(new GuardWord(List.of(C), LEASE));
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.FAILED);
  }

  @Test
  @DisplayName("nobody is promoted if the guard was not there when the primary answered last")
  void unseen() {
    Desk desk = guarded();
    desk.world.nodes.get(A).guards.clear();
    desk.look();
    desk.world.nodes.get(A).reachable = false;
    desk.run(100);
    assertThat(desk.world.promotions).isEmpty();
    assertThat(desk.world.wrong).isEmpty();
  }

  /** What becomes of the primary. */
  enum Story {
    /** Nobody can ask its machine: it has to end itself. */
    UNREACHABLE,
    /** And whoever would succeed it first fails. */
    CANDIDATE_FAILS,
    SWITCHOVER,
    GUARD
  }

  private static Desk begin(Story story, int boundary) {
    Desk desk = story == Story.GUARD ? desk(Scene.spec(0, Failover.DEFAULT)) : guarded();
    if (story == Story.GUARD) {
      desk = new Desk(desk.world, desk.store, Scene.spec(0, SOON));
      desk.start();
    }
    desk.killAfter(boundary);
    return desk;
  }

  /** False if it ended before that boundary. */
  private static boolean run(Story story, int boundary) {
    Desk desk = begin(story, boundary);
    switch (story) {
      case UNREACHABLE -> desk.world.nodes.get(A).reachable = false;
      case CANDIDATE_FAILS -> {
        desk.world.nodes.get(A).reachable = false;
        desk.world.nodes.get(B).promotable = false;
      }
      case SWITCHOVER, GUARD -> {}
    }
    boolean killed = false;
    try {
      asked(story, desk);
    } catch (Desk.Killed end) {
      killed = true;
      desk.killAfter(Integer.MAX_VALUE);
      desk.start();
      boolean silent = story == Story.UNREACHABLE || story == Story.CANDIDATE_FAILS;
      if (silent && desk.store.operations().stream().noneMatch(GuardTest::replaces)) {
        unseenByTheNext(desk);
      }
      asked(story, desk.settle());
    }
    ended(story, desk);
    return killed;
  }

  private static boolean replaces(Operation operation) {
    return operation.type().equals(FailoverType.NAME);
  }

  /** Who has never seen the guard takes nobody's word for it, until the machine can be asked. */
  private static void unseenByTheNext(Desk desk) {
    desk.run(100);
    assertThat(desk.world.promotions).isEmpty();
    desk.world.nodes.get(A).reachable = true;
  }

  private static void asked(Story story, Desk desk) {
    if (story == Story.SWITCHOVER) {
      desk.command(Switchover.NAME, Details.of(FailoverType.TO, C));
    }
    desk.settle();
  }

  private static void ended(Story story, Desk desk) {
    assertThat(desk.world.wrong).isEmpty();
    MemberId primary = desk.ledger().primary().orElseThrow();
    switch (story) {
      case UNREACHABLE -> assertThat(primary).isIn(B, C);
      case CANDIDATE_FAILS, SWITCHOVER -> assertThat(primary).isEqualTo(C);
      case GUARD -> assertThat(primary).isEqualTo(A);
    }
    assertThat(desk.world.nodes.values().stream().filter(PaperCluster.Node::primary)).hasSize(1);
    assertThat(desk.world.nodes.get(primary).guards)
        .containsExactly(
            Guard.of(desk.store.epoch(), LEASE, word(desk).map(GuardWord::members).orElseThrow()));
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("postgres/S6, postgres/S8: killed at every boundary: nobody beside a primary")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary)) {
      boundary++;
    }
    assertThat(boundary).isGreaterThan(4);
  }
}
