package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.cannotTell;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Severity;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.members.Create;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class CreatingTest {
  private static final PostgresKind KIND = new PostgresKind();

  static Operation create(OperationState state) {
    return new Operation(
        new OperationId(new ResourceId("postgres", "orders"), 7),
        Create.NAME,
        1,
        Details.of(Inputs.PRIMARY, A),
        Risk.SAFE,
        state,
        "",
        "",
        "",
        "",
        new Actor("ann"),
        null,
        null,
        false,
        List.of(),
        1,
        0,
        1,
        0,
        List.of());
  }

  private static Scene empty() {
    Scene scene = new Scene();
    scene.ledger = Details.NONE;
    return scene.says(A, gone("absent")).says(B, gone("absent")).says(C, gone("absent"));
  }

  private static String whileCreating(Scene scene, OperationState state) {
    PgDiagnosis diagnosis = KIND.diagnose(scene.spec, scene.looks(5).state(List.of(create(state))));
    assertThat(KIND.plan(scene.spec, scene.state(List.of(create(state)))))
        .as("nothing is wanted beside the create")
        .isEmpty();
    return diagnosis.code();
  }

  static Stream<Scene> growing() {
    return Stream.of(
        empty(),
        empty().says(A, gone("incomplete")),
        empty().says(A, gone("present")),
        empty().says(A, cannotTell("the database system is starting up")),
        empty().says(A, silent()),
        empty().says(A, standby(1, 100)),
        empty().says(A, primary(1, 100, "")));
  }

  @ParameterizedTest
  @MethodSource("growing")
  @DisplayName("While create makes the first primary, that is said, and nothing alarms")
  void creating(Scene scene) {
    PgDiagnosis diagnosis =
        KIND.diagnose(scene.spec, scene.looks(5).state(List.of(create(OperationState.RUNNING))));
    assertThat(diagnosis.code()).isEqualTo("creating");
    assertThat(diagnosis.severity()).isEqualTo(Severity.INFO);
    assertThat(diagnosis.sentence()).contains("a ", "#7");
    assertThat(whileCreating(scene, OperationState.WAITING)).isEqualTo("creating");
    assertThat(whileCreating(scene, OperationState.CANCELLING)).isEqualTo("creating");
  }

  @Test
  @DisplayName("A create that ended, that waits to begin, or that needs a person explains nothing")
  void notCreating() {
    Scene half = empty().says(A, gone("present"));
    for (OperationState state : OperationState.values()) {
      assertThat(whileCreating(half, state))
          .as("%s", state)
          .isEqualTo(state.underWay() ? "creating" : "primary-unclear");
    }
  }

  static Stream<Scene> unexplained() {
    return Stream.of(
        empty().says(B, gone("present")),
        empty().says(B, silent()),
        empty().says(A, gone("present")).says(C, cannotTell("wrong password")),
        empty().says(A, standby(1, 100)).says(B, standby(1, 100)));
  }

  @ParameterizedTest
  @MethodSource("unexplained")
  @DisplayName("What create does not explain is not called creating")
  void unexplainedByCreate(Scene scene) {
    assertThat(whileCreating(scene, OperationState.RUNNING)).isEqualTo("primary-unclear");
  }

  @Test
  @DisplayName("A cluster that has a primary is diagnosed as ever, create or not")
  void createdAlready() {
    Scene scene = new Scene();
    assertThat(whileCreating(scene, OperationState.RUNNING)).isEqualTo("healthy");
  }
}
