package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Row;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.settings.RollOut;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control plane is killed at every boundary of a change of parameters: same end, never two
 * members down at once, no standby with less than its primary, nobody promoted without proof.
 */
@Timeout(60)
class SettingsBoundaryTest {
  private static final Map<String, String> BEFORE =
      Map.of("max_connections", "100", "shared_buffers", "1000", "work_mem", "4");

  /** What is declared, and what is asked for. */
  enum Story {
    RELOAD,
    MORE_BY_SWITCHOVER,
    MORE_IN_PLACE,
    LESS_IN_PLACE,
    DOES_NOT_START;

    private Map<String, String> change() {
      return switch (this) {
        case RELOAD -> Map.of("work_mem", "8");
        case MORE_BY_SWITCHOVER -> Map.of("work_mem", "8", "max_connections", "200");
        case MORE_IN_PLACE -> Map.of("shared_buffers", "2000", "max_connections", "200");
        case LESS_IN_PLACE -> Map.of("shared_buffers", "2000", "max_connections", "50");
        case DOES_NOT_START -> Map.of("shared_buffers", "9999", "work_mem", "8");
      };
    }

    private boolean inPlace() {
      return this == MORE_IN_PLACE || this == LESS_IN_PLACE;
    }

    private boolean restarts() {
      return this != RELOAD;
    }
  }

  private static PostgresSpec spec(Story story) {
    TreeMap<String, String> declared = new TreeMap<>(BEFORE);
    declared.putAll(story.change());
    PostgresSpec plain = Scene.spec(1, Failover.DEFAULT);
    return new PostgresSpec(
        plain.id(), plain.mode(), plain.servers(), 1, plain.failover(), plain.access(), declared);
  }

  private static Desk before(Story story) {
    PaperCluster world = new PaperCluster().whole();
    Desk desk = new Desk(world, spec(story));
    world
        .nodes
        .values()
        .forEach(node -> {
          node.settings.whole(BEFORE);
          node.settings.declared.putAll(desk.spec.settings());
          node.settings.tooMuch = "9999";
        });
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
    desk.start();
    return story.restarts() ? desk.settle() : desk;
  }

  private static void asked(Story story, Desk desk) {
    if (story.restarts()) {
      desk.command(
          RollOut.NAME, story.inPlace() ? Details.of(Inputs.IN_PLACE, "true") : Details.NONE);
    }
  }

  private static boolean run(Story story, int boundary) {
    Desk desk = before(story);
    desk.killAfter(boundary);
    int deaths = desk.outlive(() -> asked(story, desk), desk::settle, Desk.NEVER);
    ended(story, desk);
    return deaths > 0;
  }

  private static void ended(Story story, Desk desk) {
    PaperCluster world = desk.world;
    assertThat(world.wrong).isEmpty();
    MemberId primary = desk.ledger().primary().orElseThrow();
    world.nodes.forEach((id, node) -> {
      assertThat(node.primary()).as("%s is primary", id).isEqualTo(id.equals(primary));
      assertThat(id.equals(primary) || world.streams(node)).as("%s streams", id).isTrue();
      Map<String, String> force = new TreeMap<>(desk.spec.settings());
      if (story == Story.DOES_NOT_START) {
        force.put("shared_buffers", BEFORE.get("shared_buffers"));
      }
      assertThat(node.settings.force).as("%s", id).isEqualTo(force);
    });
    int moves = story == Story.MORE_BY_SWITCHOVER || story.inPlace() ? 1 : 0;
    assertThat(world.promotions).as("promotions").hasSize(moves);
    assertThat(primary.equals(A)).isEqualTo(story != Story.MORE_BY_SWITCHOVER);
    assertThat(desk.diagnosis()).isEqualTo("healthy");
    List<Operation> rolled =
        desk.store.operations().stream()
            .filter(operation -> operation.type().equals(RollOut.NAME))
            .toList();
    if (story == Story.DOES_NOT_START) {
      assertThat(rolled).allMatch(operation -> operation.state() == OperationState.FAILED);
      assertThat(rolled.getFirst().note()).contains("b runs, but", "nobody else was restarted");
    } else {
      assertThat(rolled).allMatch(operation -> operation.state() == OperationState.DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "postgres/S8: killed at every boundary of a change of parameters, it comes to the same end")
  void everyBoundary(Story story) {
    int boundary = 0;
    while (run(story, boundary)) {
      boundary++;
    }
    assertThat(boundary).as("boundaries of %s", story).isGreaterThan(3);
  }
}
