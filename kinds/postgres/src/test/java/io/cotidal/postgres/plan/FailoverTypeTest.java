package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.Observation;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class FailoverTypeTest {
  private static final Details FROM_A = Details.of(Inputs.FROM, A);

  /** Since it was wanted, b has become primary; a is away. */
  private static Scene succeeded(Observation<PgFacts> b) {
    Scene scene = new Scene();
    scene.ledger(Ledger.primary(B, 3, 1000).with(Acts.TIMELINE, 4));
    scene.ledger(Ledger.quorum(List.of(C), 1).with(Ledger.doubt(A, Ledger.Doubt.FORMER)));
    return scene.says(A, gone("present")).says(B, b).says(C, replica(4, 1100, B, 10)).looks(9);
  }

  static Stream<OperationType<PostgresSpec, PgFacts>> types() {
    return Stream.of(new FailoverType(), new ColdStart());
  }

  @ParameterizedTest
  @MethodSource("types")
  @DisplayName("Begun late, when another one is primary already, it replaces nobody")
  void begunLate(OperationType<PostgresSpec, PgFacts> type) {
    for (Observation<PgFacts> b :
        List.of(
            Scene.seen(primary(4, 1100, "ANY 1 (\"c\")", "c")),
            gone("present"),
            Scene.silent(),
            Scene.seen(standby(4, 1100)))) {
      Scene scene = succeeded(b);
      assertThat(type.steps(FROM_A, Run.begin(), scene.spec, scene.state()))
          .isInstanceOfSatisfying(
              Continuation.Moot.class, moot -> assertThat(moot.reason()).contains("b", "primary"));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  @DisplayName("Its own promotion does not make it moot")
  void itsOwnPromotion(OperationType<PostgresSpec, PgFacts> type) {
    Scene scene = succeeded(Scene.seen(primary(4, 1100, "ANY 1 (\"c\")")));
    scene.says(C, standby(3, 1000)).looks(1);
    Step cut = Step.act(Acts.CUT_OFF, C, "cut off").thenDecide();
    Step promote = Step.act(Acts.PROMOTE, B, "promote b");
    List<StepRecord> rows =
        List.of(
            done(1, scene, cut, Details.of(Acts.TIMELINE, 3).with(Acts.POSITION, 1000)),
            done(2, scene, promote, Details.of(Acts.TIMELINE, 4).with(Acts.POSITION, 1000)));
    Run run = new Run(1, rows, Run.Occasion.TAKE_OVER);
    assertThat(type.steps(FROM_A, run, scene.spec, scene.state()))
        .isInstanceOfSatisfying(
            Continuation.Rest.class, rest -> assertThat(rest.steps()).isNotEmpty());
  }

  @Test
  @DisplayName("Who was started and has ended again is started again, once a look has shown it")
  void startedAgain() {
    Scene scene = new Scene().looks(3);
    scene.says(A, gone("present")).says(B, Scene.silent()).says(C, standby(3, 1000)).looks(5);
    Step cut = Step.act(Acts.CUT_OFF, C, "cut off").thenDecide();
    List<StepRecord> rows =
        List.of(
            done(1, scene, cut, Details.of(Acts.TIMELINE, 3).with(Acts.POSITION, 1000)),
            done(2, scene, ColdStart.start(A), Details.NONE));
    Run run = new Run(1, rows, Run.Occasion.AGAIN);
    assertThat(starts(run, scene)).doesNotContain("start a");
    scene.looks(1);
    assertThat(starts(run, scene)).containsExactly("start a");
  }

  private static List<String> starts(Run run, Scene scene) {
    Continuation rest = new FailoverType().steps(FROM_A, run, scene.spec, scene.state());
    return rest instanceof Continuation.Rest steps
        ? steps.steps().stream().map(Step::key).toList()
        : List.of();
  }

  private static StepRecord done(int sequence, Scene scene, Step step, Details evidence) {
    return StepRecord.planned(sequence, step, 1)
        .intended(1, scene.state().now())
        .ended(StepState.DONE, evidence, "", scene.state().now());
  }
}
