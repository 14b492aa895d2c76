package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.spec.Failover;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control plane is killed at every boundary of an operation, and another one goes on from the
 * rows: same end, one promotion, proof first, memory equal to the rows at every commit, and the
 * ledger's quorum never narrower than the server's.
 */
@Timeout(60)
class EveryBoundaryTest {
  /** What happens to the cluster. */
  enum Story {
    FAILOVER(1),
    FAILOVER_BY_QUORUM(1),
    FAILOVER_ASYNCHRONOUS(0),
    SWITCHOVER(1),
    COLD_START(1),
    REJOIN(1),
    QUORUM(1),
    CREATE(1);

    private final int quorum;

    Story(int quorum) {
      this.quorum = quorum;
    }
  }

  private static Desk before(Story story) {
    PaperCluster world = new PaperCluster();
    Desk desk = new Desk(world, Scene.spec(story.quorum, Failover.DEFAULT));
    if (story != Story.CREATE) {
      world.whole();
      desk.store.ledger =
          Ledger.primary(A, 2, 500)
              .with(Acts.TIMELINE, 3)
              .with(Ledger.quorum(List.of(), 0))
              .with(Ledger.members(List.of(A, B, C)));
    }
    desk.start();
    return story == Story.QUORUM ? desk : desk.settle();
  }

  private static void happens(Story story, Desk desk) {
    PaperCluster world = desk.world;
    switch (story) {
      case FAILOVER, FAILOVER_ASYNCHRONOUS -> die(world, A);
      case FAILOVER_BY_QUORUM -> world.nodes.get(A).reachable = false;
      case COLD_START -> List.of(A, B, C).forEach(member -> die(world, member));
      case REJOIN -> {
        die(world, B);
        world.nodes.get(B).branch = 77;
      }
      case SWITCHOVER, QUORUM, CREATE -> {}
    }
  }

  private static void asked(Story story, Desk desk) {
    switch (story) {
      case SWITCHOVER -> desk.command(Switchover.NAME, Details.of(FailoverType.TO, C));
      case CREATE -> desk.command(Create.NAME, Details.NONE);
      case REJOIN -> desk.command(Rejoin.NAME, Details.of(Repairs.MEMBER, B));
      case FAILOVER, FAILOVER_BY_QUORUM, FAILOVER_ASYNCHRONOUS, COLD_START, QUORUM -> {}
    }
  }

  private static void die(PaperCluster world, MemberId member) {
    PaperCluster.Node node = world.nodes.get(member);
    node.control = node.primary() ? "in production" : "in archive recovery";
    node.running = false;
  }

  /** Runs the story, killed at {@code boundary}; false if it ended before. */
  private static boolean run(Story story, int boundary) {
    Desk desk = before(story);
    desk.passed = 0;
    desk.boundary = boundary;
    int promotions = desk.world.promotions.size();
    happens(story, desk);
    boolean killed = false;
    try {
      asked(story, desk);
      desk.settle();
    } catch (Desk.Killed end) {
      killed = true;
      desk.boundary = Integer.MAX_VALUE;
      desk.start().settle();
      asked(story, desk);
      desk.settle();
    }
    ended(story, desk, desk.world.promotions.size() - promotions);
    return killed;
  }

  private static void ended(Story story, Desk desk, int promotions) {
    PaperCluster world = desk.world;
    assertThat(world.wrong).isEmpty();
    int expected =
        switch (story) {
          case REJOIN, QUORUM -> 0;
          case FAILOVER,
              FAILOVER_BY_QUORUM,
              FAILOVER_ASYNCHRONOUS,
              SWITCHOVER,
              COLD_START,
              CREATE ->
              1;
        };
    assertThat(promotions).as("promotions").isEqualTo(expected);
    MemberId primary = desk.ledger().primary().orElseThrow();
    boolean unreachable = story == Story.FAILOVER_BY_QUORUM;
    world.nodes.forEach((id, node) -> {
      if (node.reachable) {
        assertThat(node.primary()).as("%s is primary", id).isEqualTo(id.equals(primary));
        assertThat(id.equals(primary) || world.streams(node)).as("%s streams", id).isTrue();
      }
    });
    assertThat(desk.diagnosis()).isEqualTo(unreachable ? "degraded" : "healthy");
    assertThat(desk.ledger().k()).isEqualTo(story.quorum);
    assertThat(world.nodes.get(primary).sync)
        .isEqualTo(SyncNames.text(story.quorum, desk.ledger().quorum()));
    assertThat(desk.store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
    if (story == Story.SWITCHOVER) {
      assertThat(primary).isEqualTo(C);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("postgres/S8: killed at every boundary, the next one brings it to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(5);
  }
}
