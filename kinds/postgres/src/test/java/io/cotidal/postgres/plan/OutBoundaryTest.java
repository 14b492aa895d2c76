package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Row;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeBack;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.spec.Failover;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Members are taken out and back, and the control plane is killed at every boundary: who is out
 * stays so, commits never wait for fewer than they must, and a primary that is restarted is the
 * primary again.
 */
@Timeout(60)
class OutBoundaryTest {
  /** What happens; the member that is out at the end, if one is. */
  enum Story {
    STOP(true),
    STOP_A_DEAD_ONE(true),
    START(false),
    DISABLE(true),
    DISABLE_UNREACHABLE(true),
    ENABLE(false),
    ENABLE_DIVERGED(false),
    ENABLE_EMPTY(false),
    CLONE(false),
    CLONE_FROM_REPLICA(false),
    RESTART(false),
    RESTART_PRIMARY(false),
    FAILOVER_WITH_ONE_STOPPED(true),
    FAILOVER_WITH_ONE_DISABLED(true),
    COLD_START_WITH_ONE_STOPPED(true);

    private final boolean out;

    Story(boolean out) {
      this.out = out;
    }

    private String before() {
      return switch (this) {
        case START, FAILOVER_WITH_ONE_STOPPED, COLD_START_WITH_ONE_STOPPED -> TakeOut.STOP;
        case ENABLE,
            ENABLE_DIVERGED,
            ENABLE_EMPTY,
            CLONE,
            CLONE_FROM_REPLICA,
            FAILOVER_WITH_ONE_DISABLED ->
            TakeOut.DISABLE;
        case STOP, STOP_A_DEAD_ONE, DISABLE, DISABLE_UNREACHABLE, RESTART, RESTART_PRIMARY -> "";
      };
    }
  }

  private static final Details ABOUT_B = Details.of(Inputs.MEMBER, B);

  private static Desk before(Story story) {
    PaperCluster world = new PaperCluster().whole();
    Desk desk = new Desk(world, Scene.spec(1, Failover.DEFAULT));
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
    desk.start().settle();
    if (!story.before().isEmpty()) {
      desk.command(story.before(), ABOUT_B, "before");
      desk.settle();
      assertThat(world.nodes.get(B).running).as("b is down").isFalse();
    }
    return desk;
  }

  private static void die(PaperCluster world, MemberId member) {
    PaperCluster.Node node = world.nodes.get(member);
    node.control = node.primary() ? "in production" : "in archive recovery";
    node.running = false;
  }

  private static void happens(Story story, Desk desk) {
    PaperCluster world = desk.world;
    switch (story) {
      case DISABLE_UNREACHABLE -> world.nodes.get(B).reachable = false;
      case ENABLE_DIVERGED -> {
        world.nodes.get(B).branch = 77;
        world.nodes.get(B).control = "in production";
      }
      case ENABLE_EMPTY, CLONE, CLONE_FROM_REPLICA -> world.nodes.get(B).data = "absent";
      case FAILOVER_WITH_ONE_STOPPED, FAILOVER_WITH_ONE_DISABLED -> die(world, A);
      case COLD_START_WITH_ONE_STOPPED -> List.of(A, C).forEach(member -> die(world, member));
      case STOP_A_DEAD_ONE -> die(world, B);
      case STOP, START, DISABLE, ENABLE, RESTART, RESTART_PRIMARY -> {}
    }
  }

  private static void asked(Story story, Desk desk) {
    switch (story) {
      case STOP, STOP_A_DEAD_ONE -> desk.command(TakeOut.STOP, ABOUT_B);
      case START -> desk.command(Repairs.Start.NAME, ABOUT_B);
      case DISABLE, DISABLE_UNREACHABLE -> desk.command(TakeOut.DISABLE, ABOUT_B);
      case ENABLE, ENABLE_DIVERGED, ENABLE_EMPTY -> desk.command(TakeBack.ENABLE, ABOUT_B);
      case CLONE -> desk.command(TakeBack.CLONE, ABOUT_B);
      case CLONE_FROM_REPLICA -> desk.command(TakeBack.CLONE, ABOUT_B.with(Acts.FROM, C));
      case RESTART -> desk.command(Restart.NAME, ABOUT_B);
      case RESTART_PRIMARY ->
          desk.command(Restart.NAME, Details.of(Inputs.MEMBER, A).with(Inputs.IN_PLACE, "true"));
      case FAILOVER_WITH_ONE_STOPPED, FAILOVER_WITH_ONE_DISABLED, COLD_START_WITH_ONE_STOPPED -> {}
    }
  }

  private static boolean run(Story story, int boundary) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    happens(story, desk);
    desk.look();
    int deaths = desk.outlive(() -> asked(story, desk), desk::settle, Desk.NEVER);
    ended(story, desk);
    return deaths > 0;
  }

  private static void ended(Story story, Desk desk) {
    PaperCluster world = desk.world;
    assertThat(world.wrong).isEmpty();
    MemberId primary = desk.ledger().primary().orElseThrow();
    boolean fails =
        story == Story.FAILOVER_WITH_ONE_STOPPED || story == Story.FAILOVER_WITH_ONE_DISABLED;
    assertThat(primary).isEqualTo(fails ? C : A);
    world.nodes.forEach((id, node) -> {
      boolean out = story.out && id.equals(B);
      if (out && node.reachable) {
        assertThat(node.running).as("%s runs", id).isFalse();
      } else if (node.reachable) {
        assertThat(id.equals(primary) ? node.primary() : world.streams(node)).as("%s", id).isTrue();
      }
    });
    assertThat(desk.diagnosis()).isEqualTo("healthy");
    MemberId other = primary.equals(A) ? C : A;
    assertThat(desk.ledger().quorum())
        .containsExactlyElementsOf(story.out ? List.of(other) : List.of(B, C));
    assertThat(desk.ledger().k()).isEqualTo(1);
    assertThat(world.nodes.get(primary).sync).isEqualTo(SyncNames.text(1, desk.ledger().quorum()));
    boolean disabled = story.out && !world.nodes.get(primary).slots.contains(SlotNames.of(B));
    assertThat(disabled)
        .as("b's slot on %s is gone", primary)
        .isEqualTo(
            story == Story.DISABLE
                || story == Story.DISABLE_UNREACHABLE
                || story == Story.COLD_START_WITH_ONE_STOPPED
                || fails);
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "postgres/S8: killed at every boundary of taking members out and back, it comes to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(3);
  }
}
