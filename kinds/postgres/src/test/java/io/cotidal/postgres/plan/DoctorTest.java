package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.cannotTell;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.Headroom;
import io.cotidal.postgres.observe.Level;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class DoctorTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final int TEN_MINUTES = 3_000;

  /** What is seen, what it is called, and which operations follow. */
  record Case(String name, Scene scene, String code, String wanted) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Scene scene, String code, String wanted) {
    return new Case(name, scene, code, wanted);
  }

  private static Scene scene() {
    return new Scene();
  }

  private static Scene unknown() {
    Scene scene = new Scene();
    scene.ledger = Details.NONE;
    return scene;
  }

  static Stream<Case> verdicts() {
    return Stream.of(
        of("nobody looked at yet", scene(), "not-looked", ""),
        of("a new cluster, nobody looked at yet", unknown(), "not-looked", ""),
        of(
            "no member has data",
            unknown()
                .says(A, gone("absent"))
                .says(B, gone("absent"))
                .says(C, gone("absent"))
                .looks(5),
            "not-created",
            ""),
        of(
            "create is under way",
            unknown()
                .says(A, gone("present"))
                .says(B, gone("absent"))
                .says(C, gone("absent"))
                .knows(CreatingTest.create(OperationState.RUNNING))
                .looks(5),
            "creating",
            ""),
        of(
            "no data on two, silence on the third",
            unknown().says(A, gone("absent")).says(B, gone("absent")).says(C, silent()).looks(20),
            "primary-unclear",
            ""),
        of("made by hand", unknown().looks(1), "not-adopted", "adopt"),
        of(
            "made by hand, two take writes",
            unknown().says(B, primary(3, 1000, "")).looks(5),
            "primary-unclear",
            ""),
        of(
            "postgres/S20: the slot of c, which died, keeps much log",
            LogBoardTest.filling(Level.MUCH),
            "log-piles-up",
            "start"),
        of(
            "postgres/S20: and now far too much",
            LogBoardTest.filling(Level.TOO_MUCH),
            "log-overflows",
            "start"),
        of(
            "postgres/S14: the primary's disk fills",
            DiskBoardTest.filling(Headroom.LITTLE),
            "disk-fills",
            ""),
        of(
            "postgres/S14: and now it is full",
            DiskBoardTest.filling(Headroom.NONE),
            "disk-full",
            ""),
        of("all is well", scene().looks(1), "healthy", ""),
        of(
            "postgres/S7: replica c cut off from everybody: no move",
            scene().says(C, silent()).looks(4),
            "degraded",
            ""),
        of("replica c died", scene().says(C, gone("present")).looks(4), "degraded", "start"),
        of(
            "replica c runs and follows nobody",
            scene().says(C, standby(3, 900)).looks(2),
            "degraded",
            "follow"),
        of(
            "one failure is a suspicion",
            scene().looks(3).says(A, gone("present")).says(B, standby(3, 1000)).looks(1),
            "primary-suspect",
            ""),
        of(
            "postgres/S2: refuses three times, process gone, nobody streams",
            scene()
                .looks(3)
                .says(A, gone("present"))
                .says(B, standby(3, 1000))
                .says(C, standby(3, 1000))
                .looks(3),
            "primary-dead",
            "failover"),
        of(
            "gone, but a replica still reports a fresh message: look again",
            scene().looks(3).says(A, gone("present")).looks(3),
            "primary-suspect",
            ""),
        of(
            "silent, and nobody has asked the replicas since: what they know is not known",
            scene().looks(3).says(A, silent()).looks(12, A),
            "primary-suspect",
            ""),
        of(
            "postgres/S3: frozen: silent to us and to every replica",
            scene()
                .looks(3)
                .says(A, silent())
                .says(B, replica(3, 1000, A, 2_000))
                .says(C, replica(3, 1000, A, 2_000))
                .looks(10),
            "primary-silent",
            "failover"),
        of(
            "silent for a second only",
            scene()
                .looks(3)
                .says(A, silent())
                .says(B, replica(3, 1000, A, 2_000))
                .says(C, replica(3, 1000, A, 2_000))
                .looks(5),
            "primary-suspect",
            ""),
        of(
            "postgres/S5: we alone are cut off, for ten minutes; one replica streams",
            scene().looks(3).says(A, silent()).says(C, silent()).looks(TEN_MINUTES),
            "control-cut-off",
            ""),
        of(
            "nobody answers us",
            scene().looks(3).says(A, silent()).says(B, silent()).says(C, silent()).looks(50),
            "control-blind",
            ""),
        of(
            "postgres/S15: wrong password, for ten minutes, and nobody streams",
            scene()
                .looks(3)
                .says(A, cannotTell("wrong password"))
                .says(B, standby(3, 1000))
                .says(C, standby(3, 1000))
                .looks(TEN_MINUTES),
            "primary-unclear",
            ""),
        of(
            "everybody is dead",
            scene()
                .looks(3)
                .says(A, gone("present"))
                .says(B, gone("present"))
                .says(C, gone("present"))
                .looks(5),
            "no-primary",
            "cold-start"),
        of(
            "the last primary came back as a standby",
            scene()
                .says(A, standby(3, 1000))
                .says(B, standby(3, 1000))
                .says(C, standby(3, 1000))
                .looks(2),
            "no-primary",
            "cold-start"),
        of(
            "promoted by somebody else while the last primary is a standby: no choice",
            scene().says(A, standby(3, 1000)).says(B, primary(4, 1100, "")).looks(50),
            "primary-unclear",
            ""),
        of(
            "postgres/S17: b promoted behind our back: seen at the first look",
            scene().looks(3).says(B, primary(4, 1100, "")).looks(1),
            "two-primaries",
            "rejoin"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("verdicts")
  void verdict(Case one) {
    PgDiagnosis diagnosis = KIND.diagnose(one.scene().spec, one.scene().state());
    assertThat(diagnosis.code()).isEqualTo(one.code());
    String wanted =
        KIND.plan(one.scene().spec, one.scene().state()).stream()
            .map(Wanted::type)
            .collect(Collectors.joining(","));
    assertThat(wanted).isEqualTo(one.wanted());
    assertThat(diagnosis.sentence()).isNotBlank().doesNotContain("\n");
  }

  @Test
  @DisplayName("Every verdict that there is has its case above")
  void everyVerdict() {
    Set<Class<?>> met =
        verdicts()
            .map(one -> KIND.diagnose(one.scene().spec, one.scene().state()).getClass())
            .collect(Collectors.toSet());
    assertThat(met).isEqualTo(records(PgDiagnosis.class).collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> records(Class<?> sealed) {
    return sealed.isSealed()
        ? Arrays.stream(sealed.getPermittedSubclasses()).flatMap(DoctorTest::records)
        : Stream.of(sealed);
  }

  @Test
  @DisplayName("postgres/S5: the reason names the replicas that still stream")
  void cutOffNamesWhoStreams() {
    Scene scene = scene().looks(3).says(A, silent()).says(C, silent()).looks(20);
    PgDiagnosis diagnosis = KIND.diagnose(scene.spec, scene.state());
    assertThat(diagnosis)
        .isInstanceOfSatisfying(
            PgDiagnosis.ControlCutOff.class, cut -> assertThat(cut.streaming()).containsExactly(B));
    assertThat(diagnosis.evidence().entries()).containsOnlyKeys("a", "b", "c");
    assertThat(diagnosis.sentence()).contains("b still streams");
  }

  @Test
  @DisplayName("postgres/S17: only the intruder is touched, the primary stays")
  void intruder() {
    Scene scene = scene().says(B, primary(4, 1100, "")).looks(2);
    Wanted wanted = KIND.plan(scene.spec, scene.state()).getFirst();
    assertThat(wanted.input().need(Inputs.MEMBER)).isEqualTo("b");
    assertThat(wanted.input().need(Inputs.PRIMARY)).isEqualTo("a");
  }

  @Test
  @DisplayName("A primary that left the configuration is unclear, not dead")
  void primaryNotConfigured() {
    Scene scene = scene().looks(2);
    PostgresSpec without = scene.spec.withServers(List.of(B, C));
    scene.spec = without;
    assertThat(KIND.diagnose(without, scene.state()).code()).isEqualTo("primary-unclear");
    assertThat(KIND.plan(without, scene.state())).isEmpty();
  }
}
