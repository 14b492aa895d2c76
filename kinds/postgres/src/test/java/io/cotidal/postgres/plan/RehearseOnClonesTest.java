package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Command;
import io.cotidal.engine.Row;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.succession.Rehearse;
import io.cotidal.postgres.plan.succession.RehearseOnClones;
import io.cotidal.postgres.rehearsal.Figures;
import io.cotidal.postgres.spec.Clones;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("a failover rehearsed on clones")
final class RehearseOnClonesTest {
  private static Desk desk(Duration every) {
    PostgresSpec plain = Scene.spec(1, Failover.DEFAULT);
    PostgresSpec spec = plain.with(plain.practice().rehearsing(Clones.PLAIN.every(every)));
    Desk desk = new Desk(new PaperCluster().whole(), spec);
    desk.store.write(
        new Row.PutLedger(
            Ledger.primary(A, 2, 500)
                .with(Acts.TIMELINE, 3)
                .with(Ledger.quorum(List.of(B, C), 1))
                .with(Ledger.members(List.of(A, B, C)))));
    return desk.start().settle();
  }

  private static List<Operation> rehearsals(Desk desk) {
    return desk.store.operations().stream()
        .filter(operation -> operation.type().equals(RehearseOnClones.NAME))
        .toList();
  }

  @Test
  @DisplayName("a replica is copied, never the primary; what is foretold is written down first")
  void asked() {
    Desk desk = desk(Duration.ZERO);
    assertThat(rehearsals(desk)).as("nothing by itself").isEmpty();
    desk.command(Rehearse.NAME, Details.of("on-clones", "true").with("fault", "frozen"));
    desk.settle();
    Operation rehearsal = rehearsals(desk).getFirst();
    assertThat(rehearsal.input().entries())
        .containsEntry(Acts.FROM, "c")
        .containsEntry("primary", "a")
        .containsEntry("members", "a,b,c")
        .containsEntry("fault", "frozen");
    assertThat(rehearsal.locks()).noneMatch(lock -> lock.scope().equals("*"));
    Details foretold = rehearsal.step("foretold").orElseThrow().evidence();
    assertThat(foretold.need("foretold-ms")).isEqualTo("2600");
    Step act = rehearsal.step(Acts.REHEARSE + " c").orElseThrow().step();
    assertThat(act.sentence())
        .isEqualTo("copy c, run clones of a,b,c, freeze the clone of a, and measure");
    assertThat(act.pointOfNoReturn()).isFalse();
    Step measured = rehearsal.step("measured").orElseThrow().step();
    assertThat(measured.sentence())
        .isEqualTo(
            "b took over, as foretold; no writes for 900 ms; foretold were about 2600 ms; 0 of 300 commits lost;"
                + " whole again after 4000 ms");
    assertThat(rehearsal.state()).isEqualTo(OperationState.DONE);
    assertThat(desk.world.promotions).isEmpty();
  }

  @Test
  @DisplayName("it fails if two clones acknowledged at once, or a quorum lost what it had promised")
  void broken() {
    Desk two = desk(Duration.ZERO);
    two.world.measured = two.world.measured.with(Figures.DUAL, 3);
    two.command(Rehearse.NAME, Details.of("on-clones", "true"));
    two.settle();
    assertThat(rehearsals(two).getFirst().state()).isEqualTo(OperationState.FAILED);
    assertThat(rehearsals(two).getFirst().note()).startsWith("3 commits were acknowledged by the");

    Desk less = desk(Duration.ZERO);
    less.world.measured = less.world.measured.with(Figures.LOST, 7);
    less.command(Rehearse.NAME, Details.of("on-clones", "true"));
    less.settle();
    assertThat(rehearsals(less).getFirst().note())
        .isEqualTo("7 acknowledged commits are not there any more");
  }

  private static String refusal(Desk desk, Details input) {
    PostgresKind kind = new PostgresKind();
    Command.Begin asked =
        kind.meant(
            desk.spec,
            desk.engine.state(),
            new Command.Begin(new Actor("ann"), Rehearse.NAME, input, null, false));
    return assertThatThrownBy(() -> kind.prepare(desk.spec, desk.engine.state(), asked))
        .isInstanceOf(IllegalArgumentException.class)
        .actual()
        .getMessage();
  }

  @Test
  @DisplayName("a fault without clones, and one that nobody knows, are refused")
  void refused() {
    Desk desk = desk(Duration.ZERO);
    assertThat(refusal(desk, Details.of("fault", "frozen")))
        .isEqualTo("rehearse: fault goes with on-clones: the real cluster is not struck");
    assertThat(refusal(desk, Details.of("on-clones", "true").with("fault", "earthquake")))
        .isEqualTo(
            "rehearse on clones: fault 'earthquake': write one of process-dead, frozen,"
                + " switchover");
  }

  @Test
  @DisplayName("a cluster that is not healthy is not copied")
  void unhealthy() {
    Desk desk = desk(Duration.ZERO);
    desk.world.nodes.get(C).reachable = false;
    desk.settle();
    assertThat(refusal(desk, Details.of("on-clones", "true")))
        .startsWith("rehearse on clones: needs a cluster that is healthy; ");
  }

  @Test
  @DisplayName("by the calendar: one at once, and not again before its time, though it failed")
  void scheduled() {
    Desk desk = desk(Duration.ofSeconds(20));
    assertThat(rehearsals(desk)).hasSize(1);
    desk.run(150);
    assertThat(rehearsals(desk)).hasSize(1);
    desk.run(100);
    assertThat(rehearsals(desk)).hasSize(2);
  }
}
