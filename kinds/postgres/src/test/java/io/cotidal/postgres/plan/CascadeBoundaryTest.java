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
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.Failover;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cascade on paper, c behind b behind a. The control plane is killed at every boundary of what
 * follows, and another one goes on: in the end the tree stands, every slot is where it is used, and
 * the ledger's quorum was never narrower than the server's.
 */
@Timeout(120)
class CascadeBoundaryTest {
  /** What happens to the tree. */
  enum Story {
    /** It is made of members that all stream from the primary. */
    GROWS(1),
    MIDDLE_DIES(1),
    PRIMARY_DIES(1),
    PRIMARY_DIES_ASYNCHRONOUS(0),
    MIDDLE_AND_PRIMARY_DIE(1),
    LEAF_LEADS(1);

    private final int quorum;

    Story(int quorum) {
      this.quorum = quorum;
    }
  }

  private static Desk before(Story story) {
    PaperCluster world = new PaperCluster().whole();
    Desk desk = new Desk(world, CascadeTest.spec(story.quorum, Failover.DEFAULT));
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
    desk.start();
    return story == Story.GROWS ? desk : settled(desk);
  }

  /** Also what only comes when nothing has changed for a while. */
  private static Desk settled(Desk desk) {
    return desk.settle().passes(25).settle();
  }

  private static void happens(Story story, Desk desk) {
    PaperCluster world = desk.world;
    switch (story) {
      case MIDDLE_DIES -> die(world, B);
      case PRIMARY_DIES, PRIMARY_DIES_ASYNCHRONOUS -> die(world, A);
      case MIDDLE_AND_PRIMARY_DIE -> {
        die(world, A);
        die(world, B);
      }
      case GROWS, LEAF_LEADS -> {}
    }
  }

  private static void asked(Story story, Desk desk) {
    if (story == Story.LEAF_LEADS) {
      desk.command(Switchover.NAME, Details.of(FailoverType.TO, C));
    }
  }

  private static void die(PaperCluster world, MemberId member) {
    PaperCluster.Node node = world.nodes.get(member);
    node.control = node.primary() ? "in production" : "in archive recovery";
    node.running = false;
  }

  private static boolean run(Story story, int boundary) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    int promotions = desk.world.promotions.size();
    happens(story, desk);
    int deaths = desk.outlive(() -> asked(story, desk), () -> settled(desk), Desk.NEVER);
    ended(story, desk, desk.world.promotions.size() - promotions);
    return deaths > 0;
  }

  private static void ended(Story story, Desk desk, int promotions) {
    PaperCluster world = desk.world;
    assertThat(world.wrong).isEmpty();
    boolean moves = story != Story.GROWS && story != Story.MIDDLE_DIES;
    assertThat(promotions).isEqualTo(moves ? 1 : 0);
    MemberId primary = desk.ledger().primary().orElseThrow();
    if (story == Story.LEAF_LEADS) {
      assertThat(primary).isEqualTo(C);
    }
    assertThat(desk.diagnosis()).isEqualTo("healthy");
    world.nodes.forEach((id, node) -> {
      assertThat(node.primary()).isEqualTo(id.equals(primary));
      assertThat(id.equals(primary) || world.streams(node)).as("%s streams", id).isTrue();
      MemberId wanted = id.equals(C) ? B : primary;
      assertThat(id.equals(primary) || wanted.equals(node.upstream)).as("%s", id).isTrue();
      world.nodes.forEach((holder, other) ->
          assertThat(other.slots.contains(id.name()))
              .as("slot of %s on %s", id, holder)
              .isEqualTo(!id.equals(primary) && holder.equals(wanted)));
    });
    assertThat(desk.ledger().doubts()).isEmpty();
    assertThat(desk.ledger().k()).isEqualTo(story.quorum);
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
    assertThat(world.nodes.get(primary).sync)
        .isEqualTo(SyncNames.text(story.quorum, desk.ledger().quorum()));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("postgres/S27, postgres/S8: killed at every boundary, the tree stands in the end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(5);
  }
}
