package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.Stall;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Rehearsal;
import io.cotidal.postgres.spec.Failover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(10)
class IsolationTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final Details ISOLATED =
      Details.of(Inputs.FROM, A).with(FailoverType.ISOLATED, "true");
  private static final long LONG = 8_000;
  private static final long SHORT = 7_900;

  /** The primary, on which commits have waited for so long; nobody streams from it. */
  private static PgFacts waiting(long millis) {
    return primary(3, 1000, "ANY 1 (\"b\",\"c\")").stalled(new Stall(millis, millis, 0));
  }

  /** A replica without a receiver, for so long. */
  private static PgFacts unhearing(long millis) {
    return standby(3, 1000).stalled(new Stall(null, 0, millis));
  }

  /** A primary that nobody hears while commits wait. */
  static Scene isolated() {
    return new Scene()
        .says(A, waiting(LONG))
        .says(B, unhearing(LONG))
        .says(C, unhearing(LONG))
        .looks(3);
  }

  private static String code(Scene scene) {
    return KIND.diagnose(scene.spec, scene.state()).code();
  }

  private static List<Wanted> failovers(Scene scene) {
    return KIND.plan(scene.spec, scene.state()).stream()
        .filter(want -> want.type().equals(FailoverType.NAME))
        .toList();
  }

  @Test
  @DisplayName("postgres/S6: commits wait, and no replica hears the primary that answers: replaced")
  void isReplaced() {
    Scene scene = isolated();
    PgDiagnosis diagnosis = KIND.diagnose(scene.spec, scene.state());
    assertThat(diagnosis.code()).isEqualTo("primary-isolated");
    assertThat(diagnosis.sentence())
        .isEqualTo("a, the primary, answers, but no replica hears it (b,c), and commits wait");
    assertThat(diagnosis.evidence().need("waiting-ms")).isEqualTo("8000");
    assertThat(diagnosis.evidence().need("rule")).contains("8000 ms", "2 of b,c");
    Wanted failover = failovers(scene).getFirst();
    assertThat(failover.input()).isEqualTo(ISOLATED);
    assertThat(failover.automatic()).isTrue();
    assertThat(KIND.plan(scene.spec, scene.state()))
        .as("its replicas go on asking it, and none is copied")
        .extracting(Wanted::type)
        .containsExactly("failover", "follow", "follow");
  }

  /** What keeps such a primary in its place. */
  record Kept(String why, Scene scene) {
    @Override
    public String toString() {
      return why;
    }
  }

  private static Scene with(MemberId member, PgFacts facts) {
    return isolated().says(member, facts).looks(1);
  }

  private static Scene when(Failover failover) {
    Scene scene = isolated();
    scene.spec = Scene.spec(1, failover);
    return scene;
  }

  private static Scene asynchronous() {
    Scene scene = isolated();
    scene.spec = Scene.spec(0, Failover.DEFAULT);
    return scene.ledger(Ledger.quorum(List.of(B, C), 0));
  }

  static Stream<Kept> kept() {
    Stall hears = new Stall(null, 0, 10);
    return Stream.of(
        new Kept("commits have not waited for long enough", with(A, waiting(SHORT))),
        new Kept("nobody waits", with(A, primary(3, 1000, "ANY 1 (\"b\",\"c\")"))),
        new Kept("a replica hears it", with(C, replica(3, 1000, A, 10).stalled(hears))),
        new Kept(
            "a replica is connected, and has been silent for a moment only",
            with(C, replica(3, 1000, A, 2_000).stalled(new Stall(null, 0, 2_000)))),
        new Kept("a replica has only just lost it", with(C, unhearing(SHORT))),
        new Kept("a replica has only just come back", with(C, unhearing(0))),
        new Kept("one that must tell its position does not answer", downTo(B)),
        new Kept("nobody was asked lately", isolated().looks(12, A)),
        new Kept("replicas were asked, the primary was not", stalePrimary()),
        new Kept("it waits for nobody", asynchronous()),
        new Kept("it is switched off", when(Failover.DEFAULT.isolatedFor(Duration.ZERO))),
        new Kept(
            "it is to be waited for longer",
            when(Failover.DEFAULT.isolatedFor(Duration.ofSeconds(20)))),
        new Kept("all replicas are down", downTo()),
        new Kept("one is left, and nobody could confirm its commits", narrowed()),
        new Kept("the others must be copied anew", doubted()),
        new Kept("the other one was taken out", takenOut()));
  }

  private static Scene downTo(MemberId... left) {
    Scene scene = isolated();
    for (MemberId member : List.of(B, C)) {
      if (!List.of(left).contains(member)) {
        scene.says(member, gone("present"));
      }
    }
    return scene.looks(60);
  }

  private static Scene stalePrimary() {
    Scene scene = isolated();
    return scene.looks(8, B).looks(8, C).looks(1, B);
  }

  private static Scene narrowed() {
    return downTo(B).ledger(Ledger.quorum(List.of(B), 1));
  }

  private static Scene doubted() {
    return isolated()
        .ledger(Ledger.quorum(List.of(B), 1))
        .ledger(Ledger.doubt(C, Ledger.Doubt.DIVERGED));
  }

  private static Scene takenOut() {
    return isolated().ledger(Ledger.quorum(List.of(B), 1)).ledger(Out.mark(C, Out.How.DISABLED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kept")
  @DisplayName("postgres/S6: not replaced")
  void isKept(Kept one) {
    assertThat(code(one.scene())).isNotEqualTo("primary-isolated");
    assertThat(failovers(one.scene())).isEmpty();
  }

  @Test
  @DisplayName("postgres/S6: nobody waits on it: it is said that no replica streams, no more")
  void idle() {
    Scene scene = with(A, primary(3, 1000, "ANY 1 (\"b\",\"c\")"));
    PgDiagnosis diagnosis = KIND.diagnose(scene.spec, scene.state());
    assertThat(diagnosis.code()).isEqualTo("degraded");
    assertThat(diagnosis.sentence())
        .contains("b does not stream from a", "c does not stream from a");
  }

  @Test
  @DisplayName("A replica behind another one does not hear it either, and need not have waited")
  void cascade() {
    Scene scene = isolated().says(C, replica(3, 1000, B, 10)).looks(1);
    assertThat(code(scene)).as("c is on the list and streams from b").isEqualTo("degraded");
    scene.says(B, unhearing(LONG)).says(C, unhearing(LONG)).looks(1);
    assertThat(code(scene)).isEqualTo("primary-isolated");
  }

  @Test
  @DisplayName("The machine answers: fenced by its gate; a gate that does not: by the quorum")
  void proof() {
    assertThat(keys(rest(isolated(), cutOff(B, C)))).contains("fence a", "promote b");
    Scene mute = isolated();
    mute.says(A, new Observation.Seen<>(waiting(LONG), Host.UNKNOWN));
    assertThat(keys(rest(mute.looks(1), cutOff(B, C))))
        .contains("prove", "promote b")
        .doesNotContain("fence a");
  }

  @Test
  @DisplayName("It begins with the cut-off although the primary answers")
  void begins() {
    assertThat(keys(rest(isolated(), List.of()))).containsExactly("cut-off b", "cut-off c");
  }

  @Test
  @DisplayName("Heard again before anything was done to it: moot")
  void heardAgain() {
    Scene scene = with(C, replica(3, 1000, A, 10));
    assertThat(steps(scene, List.of()))
        .isInstanceOfSatisfying(
            Continuation.Moot.class, moot -> assertThat(moot.reason()).startsWith("c hears a"));
    assertThat(steps(scene, cutOff(B))).isInstanceOf(Continuation.Moot.class);
  }

  @Test
  @DisplayName("Heard again after it may have been fenced: goes on")
  void pointOfNoReturn() {
    Scene scene = isolated();
    List<StepRecord> rows = new ArrayList<>(cutOff(B, C));
    rows.add(
        StepRecord.planned(3, Step.act(Acts.FENCE, A, "fence a"), 1)
            .intended(1, scene.state().now()));
    scene.says(C, replica(3, 1000, A, 10)).looks(1);
    assertThat(steps(scene, rows)).isNotInstanceOf(Continuation.Moot.class);
  }

  @Test
  @DisplayName("Too few can be cut off: it fails, and the primary stays what it is")
  void tooFew() {
    Scene scene = isolated().says(C, silent()).looks(3);
    assertThat(steps(scene, cutOff(B))).isInstanceOf(Continuation.GiveUp.class);
  }

  @Test
  @DisplayName("From one isolated primary to the next: a person is asked")
  void again() {
    Scene scene = isolated().knows(past(ISOLATED, 60));
    assertThat(failovers(scene))
        .singleElement()
        .satisfies(want -> {
          assertThat(want.automatic()).isFalse();
          assertThat(want.reason()).contains("held: ", "look at the network between the members");
        });
    assertThat(failovers(isolated().knows(past(ISOLATED, 400))).getFirst().automatic()).isTrue();
    Details dead = Details.of(Inputs.FROM, B);
    assertThat(failovers(isolated().knows(past(dead, 60))).getFirst().automatic())
        .as("the one before was dead, and there is no hold")
        .isTrue();
  }

  @Test
  @DisplayName("While a failover is under way no other one is wanted, whatever is diagnosed")
  void underWay() {
    Details dead = Details.of(Inputs.FROM, A);
    assertThat(failovers(isolated().knows(running(dead)))).isEmpty();
    Scene fenced = isolated().knows(running(ISOLATED)).says(A, gone("present")).looks(5);
    assertThat(code(fenced)).isEqualTo("primary-dead");
    assertThat(failovers(fenced)).isEmpty();
  }

  @Test
  @DisplayName("People may ask for it without force: a failover, and promote means one")
  void asked() {
    Scene scene = isolated();
    Command.Begin promote =
        new Command.Begin(
            new Actor("ann"), Meaning.PROMOTE, Details.of(Inputs.MEMBER, C), null, false);
    Command.Begin meant = KIND.meant(scene.spec, scene.state(), promote);
    assertThat(meant.type()).isEqualTo(FailoverType.NAME);
    assertThat(KIND.prepare(scene.spec, scene.state(), meant))
        .isEqualTo(ISOLATED.with(FailoverType.TO, C));
  }

  @Test
  @DisplayName("failover-check foretells it where commits wait for replicas, and only there")
  void foretold() {
    Scene scene = new Scene().looks(3);
    assertThat(outage(scene)).contains(" ms if no replica hears it");
    scene.spec = Scene.spec(0, Failover.DEFAULT);
    scene.ledger(Ledger.quorum(List.of(B, C), 0));
    assertThat(outage(scene)).doesNotContain("no replica hears it");
  }

  private static String outage(Scene scene) {
    return new Rehearsal(scene.spec, scene.state())
        .report().lines().stream()
            .filter(line -> line.subject().equals("outage"))
            .findFirst()
            .orElseThrow()
            .sentence();
  }

  @Test
  @DisplayName("What has waited for long enough is news; a busy primary on which some wait is not")
  void news() {
    Scene scene = new Scene();
    PgFacts busy = primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c");
    assertThat(KIND.essence(scene.spec, busy.stalled(new Stall(5L, 60_000, 0))))
        .isEqualTo(KIND.essence(scene.spec, busy));
    assertThat(KIND.essence(scene.spec, waiting(LONG)))
        .isNotEqualTo(KIND.essence(scene.spec, waiting(SHORT)));
    assertThat(KIND.essence(scene.spec, unhearing(LONG)))
        .isNotEqualTo(KIND.essence(scene.spec, unhearing(SHORT)));
    Scene soon = isolated().says(A, waiting(7_000)).looks(1);
    long now = soon.state().now().micros();
    assertThat(KIND.due(soon.spec, soon.state()))
        .as("the commits' time comes by itself")
        .isEqualTo(now + 1_200_000);
  }

  private static Continuation steps(Scene scene, List<StepRecord> rows) {
    Run run = new Run(1, rows, rows.isEmpty() ? Run.Occasion.BEGIN : Run.Occasion.DECISION);
    return new FailoverType().steps(ISOLATED, run, scene.spec, scene.state());
  }

  private static List<Step> rest(Scene scene, List<StepRecord> rows) {
    Continuation next = steps(scene, rows);
    assertThat(next).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) next).steps();
  }

  private static List<String> keys(List<Step> steps) {
    return steps.stream().map(Step::key).toList();
  }

  private static List<StepRecord> cutOff(MemberId... members) {
    Scene scene = isolated();
    List<StepRecord> rows = new ArrayList<>();
    for (MemberId member : members) {
      rows.add(
          StepRecord.planned(
                  rows.size() + 1, Step.act(Acts.CUT_OFF, member, "cut off").thenDecide(), 1)
              .intended(1, scene.state().now())
              .ended(
                  StepState.DONE,
                  Details.of(Acts.TIMELINE, 3).with(Acts.POSITION, 1000),
                  "",
                  scene.state().now()));
    }
    return rows;
  }

  private static Operation running(Details input) {
    return operation(input, OperationState.RUNNING, 0);
  }

  private static Operation past(Details input, long secondsAgo) {
    long ended = isolated().state().now().micros() - secondsAgo * 1_000_000;
    return operation(input, OperationState.DONE, ended);
  }

  private static Operation operation(Details input, OperationState state, long ended) {
    return new Operation(
        new OperationId(new Scene().spec.id(), 7),
        FailoverType.NAME,
        1,
        input,
        Risk.IRREVERSIBLE,
        state,
        "",
        "",
        "key",
        "basis",
        Actor.COTIDAL,
        null,
        null,
        false,
        new FailoverType().locks(input),
        0,
        0,
        0,
        ended,
        new ArrayList<>());
  }
}
