package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.cannotTell;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.settings.RollOut;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("a primary is not stopped while nobody could succeed it")
class MovingTest {
  private static final Details FROM_A = Details.of(Inputs.FROM, A);
  private static final Details ROLLED = FROM_A.with(Inputs.PRIMARY, A).with(Inputs.FIRST, "b,c");
  private static final String SYNC = "ANY 1 (\"b\",\"c\")";

  /** One of two has to confirm a commit, so that both have to tell before one is promoted. */
  private static Scene without(Observation<PgFacts> c) {
    return new Scene().says(A, primary(3, 1000, SYNC, "b")).says(C, c).looks(1);
  }

  static Stream<Observation<PgFacts>> absences() {
    return Stream.of(
        gone("present"), cannotTell("FATAL: the database system is starting up"), Scene.silent());
  }

  @ParameterizedTest
  @MethodSource("absences")
  @DisplayName("A switchover that is bound to end without a primary stops nobody")
  void switchover(Observation<PgFacts> absent) {
    Scene scene = without(absent);
    assertThat(new Switchover().steps(FROM_A, Run.begin(), scene.spec, scene.state()))
        .isInstanceOfSatisfying(
            Continuation.GiveUp.class,
            gaveUp ->
                assertThat(gaveUp.reason())
                    .isEqualTo(
                        "2 of b,c must tell their position before one may be chosen, 1 could;"
                            + " a is left as it is"));
    assertThat(acts(new Switchover(), FROM_A, Run.begin(), without(seen(replica(3, 1, A, 10)))))
        .containsExactly("checkpoint a", "stop a");
  }

  @ParameterizedTest
  @MethodSource("absences")
  @DisplayName("postgres/S8: the primary's turn comes when the last replica streams again")
  void rollOut(Observation<PgFacts> absent) {
    Scene scene = without(absent);
    Run restarted = restarted(scene, B, C);
    assertThat(new RollOut().steps(ROLLED, restarted, scene.spec, scene.state()))
        .isInstanceOfSatisfying(
            Continuation.Wait.class,
            wait ->
                assertThat(wait.reason()).isEqualTo("c does not stream from a; restarted: b,c"));
    Scene whole = new Scene().looks(1);
    assertThat(acts(new RollOut(), ROLLED, restarted(whole, B, C), whole))
        .containsExactly("checkpoint a", "stop a");
  }

  @Test
  @DisplayName("What does not come back in time leaves the primary as it is")
  void patience() {
    Scene scene = without(gone("present"));
    Run restarted = restarted(scene, B, C);
    scene.looks(151);
    assertThat(new RollOut().steps(ROLLED, restarted, scene.spec, scene.state()))
        .isInstanceOfSatisfying(
            Continuation.GiveUp.class,
            gaveUp -> assertThat(gaveUp.reason()).startsWith("c does not stream from a"));
  }

  private static Run restarted(Scene scene, MemberId... members) {
    List<StepRecord> rows = new ArrayList<>();
    for (MemberId member : members) {
      for (String act : List.of(Acts.STOP, Acts.START)) {
        Step step =
            Step.act(act, member, act + " it").named(act + " " + member + ", " + Inputs.FIRST);
        rows.add(
            StepRecord.planned(rows.size() + 1, step, 1)
                .intended(1, scene.state().now())
                .ended(StepState.DONE, Details.NONE, "", scene.state().now()));
      }
    }
    return new Run(1, rows, Run.Occasion.AGAIN);
  }

  private static List<String> acts(
      OperationType<PostgresSpec, PgFacts> type, Details input, Run run, Scene scene) {
    return type.steps(input, run, scene.spec, scene.state()) instanceof Continuation.Rest rest
        ? rest.steps().stream().map(Step::key).toList()
        : List.of();
  }
}
