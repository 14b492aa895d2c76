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
import io.cotidal.postgres.losses.Loss;
import io.cotidal.postgres.losses.LossList;
import io.cotidal.postgres.plan.archiving.Restore;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.SyncNames;
import io.cotidal.postgres.plan.members.Create;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.Care;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.nio.file.Path;
import java.time.Duration;
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
  /** A replica leaves the quorum list after 200 ms. */
  private static final Failover SOON =
      new Failover(
          true,
          Failover.DEFAULT.tick(),
          Failover.DEFAULT.deadline(),
          Failover.DEFAULT.confirm(),
          Failover.DEFAULT.silence(),
          Failover.Fence.PROCESS,
          Duration.ofMillis(200));

  /** What happens to the cluster. */
  enum Story {
    FAILOVER(1),
    FAILOVER_BY_QUORUM(1),
    FAILOVER_ASYNCHRONOUS(0),
    FAILOVER_UNCOUNTED(0),
    SWITCHOVER(1),
    COLD_START(1),
    REJOIN(1),
    QUORUM(1),
    QUORUM_OF_TWO(2),
    NARROWER(1),
    CANDIDATE_FAILS(1),
    CREATE(1),
    RESTORE(1),
    BACKUP(1);

    private final int quorum;

    Story(int quorum) {
      this.quorum = quorum;
    }
  }

  private static PostgresSpec spec(Story story) {
    PostgresSpec spec = Scene.spec(story.quorum, SOON);
    Archive.Place there = new Archive.Place.Folder(Path.of("/archive"));
    Archive archive =
        new Archive(there)
            .and(new Archive.Place.Folder(Path.of("/second")))
            .every(new Archive.Backups(Duration.ofDays(1), 7));
    Care care =
        switch (story) {
          case RESTORE ->
              Care.PLAIN.from(new io.cotidal.postgres.spec.Restore(List.of(there), List.of()));
          case BACKUP -> Care.PLAIN.with(archive);
          default -> Care.PLAIN;
        };
    return spec.with(spec.practice().caring(care));
  }

  private static Desk before(Story story) {
    PaperCluster world = new PaperCluster();
    Desk desk = new Desk(world, spec(story));
    if (story != Story.CREATE && story != Story.RESTORE) {
      world.whole();
      desk.store.write(
          new Row.PutLedger(
              Ledger.primary(A, 2, 500)
                  .with(Acts.TIMELINE, 3)
                  .with(Ledger.quorum(List.of(), 0))
                  .with(Ledger.members(List.of(A, B, C)))));
    }
    desk.start();
    boolean quorum = story == Story.QUORUM || story == Story.QUORUM_OF_TWO || story == Story.BACKUP;
    return quorum ? desk : desk.settle();
  }

  private static void happens(Story story, Desk desk) {
    PaperCluster world = desk.world;
    switch (story) {
      case FAILOVER, FAILOVER_ASYNCHRONOUS -> die(world, A);
      case FAILOVER_UNCOUNTED -> {
        die(world, A);
        world.countable = false;
      }
      case FAILOVER_BY_QUORUM -> world.nodes.get(A).reachable = false;
      case NARROWER -> world.nodes.get(C).reachable = false;
      case CANDIDATE_FAILS -> {
        die(world, A);
        world.nodes.get(B).promotable = false;
      }
      case COLD_START -> List.of(A, B, C).forEach(member -> die(world, member));
      case REJOIN -> {
        die(world, B);
        world.nodes.get(B).branch = 77;
      }
      case SWITCHOVER, QUORUM, QUORUM_OF_TWO, CREATE, RESTORE, BACKUP -> {}
    }
  }

  private static void asked(Story story, Desk desk) {
    switch (story) {
      case SWITCHOVER -> desk.command(Switchover.NAME, Details.of(FailoverType.TO, C));
      case CREATE -> desk.command(Create.NAME, Details.NONE);
      case REJOIN -> desk.command(Rejoin.NAME, Details.of(Inputs.MEMBER, B));
      case RESTORE -> desk.command(Restore.NAME, Details.of(Restore.TO_LSN, "0/5A"));
      case BACKUP,
          FAILOVER,
          FAILOVER_BY_QUORUM,
          FAILOVER_ASYNCHRONOUS,
          FAILOVER_UNCOUNTED,
          COLD_START,
          CANDIDATE_FAILS,
          QUORUM,
          QUORUM_OF_TWO,
          NARROWER -> {}
    }
  }

  private static void die(PaperCluster world, MemberId member) {
    PaperCluster.Node node = world.nodes.get(member);
    node.control = node.primary() ? "in production" : "in archive recovery";
    node.running = false;
  }

  /**
   * Runs the story, killed at {@code boundary}, and its successor killed {@code second} boundaries
   * later; false if it ended before the first.
   */
  private static boolean run(Story story, int boundary, int second) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    int promotions = desk.world.promotions.size();
    happens(story, desk);
    int deaths = desk.outlive(() -> asked(story, desk), desk::settle, second);
    ended(story, desk, desk.world.promotions.size() - promotions);
    return deaths > 0;
  }

  private static void ended(Story story, Desk desk, int promotions) {
    PaperCluster world = desk.world;
    assertThat(world.wrong).isEmpty();
    int expected =
        switch (story) {
          case REJOIN, QUORUM, QUORUM_OF_TWO, NARROWER, BACKUP -> 0;
          case CANDIDATE_FAILS,
              FAILOVER,
              FAILOVER_BY_QUORUM,
              FAILOVER_ASYNCHRONOUS,
              FAILOVER_UNCOUNTED,
              SWITCHOVER,
              COLD_START,
              CREATE,
              RESTORE ->
              1;
        };
    assertThat(promotions).as("promotions").isEqualTo(expected);
    MemberId primary = desk.ledger().primary().orElseThrow();
    boolean unreachable = story == Story.FAILOVER_BY_QUORUM || story == Story.NARROWER;
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
    if (story == Story.BACKUP) {
      assertThat(world.taken).hasSize(2);
      assertThat(world.taken.stream().map(each -> each.split(" ")[0]).distinct()).hasSize(1);
    }
    if (story == Story.FAILOVER_ASYNCHRONOUS || story == Story.FAILOVER_UNCOUNTED) {
      List<Loss> losses = LossList.of(desk.store.ledger()).losses();
      assertThat(losses).extracting(Loss::member).containsExactly("a");
      assertThat(losses.getFirst().problem().isPresent())
          .isEqualTo(story == Story.FAILOVER_UNCOUNTED);
      assertThat(world.folders).as("the same one, however often it was begun").hasSize(1);
    }
    if (story == Story.NARROWER) {
      assertThat(desk.ledger().quorum()).containsExactly(B);
    }
    if (story == Story.SWITCHOVER || story == Story.CANDIDATE_FAILS) {
      assertThat(primary).isEqualTo(C);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("postgres/S8: killed at every boundary, the next one brings it to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary, Desk.NEVER)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILOVER", "SWITCHOVER", "CANDIDATE_FAILS"})
  @DisplayName("postgres/S8: killed, and the next one killed too")
  void killedTwice(Story story) {
    for (int second = 2; second < 12; second += 7) {
      int boundary = second % 5;
      while (run(story, boundary, second)) {
        boundary += 5;
      }
      assertThat(boundary).isGreaterThan(5);
    }
  }
}
