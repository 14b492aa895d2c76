package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Row;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.succession.Rehearse;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("a failover rehearsed")
final class RehearseTest {
  private static PostgresSpec spec(Duration every) {
    PostgresSpec spec = Scene.spec(1, Failover.DEFAULT);
    return spec.with(spec.practice().with(spec.practice().policy().rehearsing(every)));
  }

  private static Desk desk(Duration every) {
    Desk desk = new Desk(new PaperCluster().whole(), spec(every));
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(), 0))
                .with(Ledger.members(List.of(A, B, C)))));
    return desk.start().settle();
  }

  private static List<Operation> rehearsals(Desk desk) {
    return desk.store.operations().stream()
        .filter(operation -> operation.type().equals(Rehearse.NAME))
        .toList();
  }

  @Test
  @DisplayName("asked for, it says who, when and at what loss, and touches nothing")
  void asked() {
    Desk desk = desk(Duration.ZERO);
    assertThat(rehearsals(desk)).as("nothing by itself").isEmpty();
    desk.command(Rehearse.NAME, Details.NONE);
    desk.settle();
    Operation rehearsal = rehearsals(desk).getFirst();
    assertThat(rehearsal.state()).isEqualTo(OperationState.DONE);
    Details report = rehearsal.step("report").orElseThrow().evidence();
    assertThat(report.need("candidate")).contains("told their position");
    assertThat(report.need("loss")).startsWith("zero loss");
    assertThat(report.need("outage"))
        .contains("about 1300 ms if its processes end", "2600 ms if it falls silent");
    assertThat(report.need("without-cotidal")).startsWith("a would go on");
    assertThat(desk.world.promotions).isEmpty();
  }

  @Test
  @DisplayName("it fails if nobody could be promoted")
  void nobody() {
    Desk desk = desk(Duration.ZERO);
    desk.world.nodes.get(B).reachable = false;
    desk.world.nodes.get(C).reachable = false;
    desk.settle();
    desk.command(Rehearse.NAME, Details.NONE);
    desk.settle();
    assertThat(rehearsals(desk).getFirst().state()).isEqualTo(OperationState.FAILED);
    assertThat(rehearsals(desk).getFirst().note()).contains("nobody could be promoted");
  }

  @Test
  @DisplayName("by the calendar: one at once, the next one when it is due")
  void scheduled() {
    Desk desk = desk(Duration.ofSeconds(20));
    assertThat(rehearsals(desk)).hasSize(1);
    desk.run(150);
    assertThat(rehearsals(desk)).hasSize(1);
    desk.run(100);
    assertThat(rehearsals(desk)).hasSize(2);
    assertThat(rehearsals(desk)).allMatch(each -> each.state() == OperationState.DONE);
  }
}
