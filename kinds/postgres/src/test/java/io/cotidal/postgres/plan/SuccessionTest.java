package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.WhenUnknown;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.spec.Failover;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SuccessionTest {
  private final Scene scene = new Scene();
  private final List<StepRecord> rows = new ArrayList<>();
  private Details input = Details.of(Inputs.FROM, A);

  @BeforeEach
  void primaryDies() {
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    scene.looks(3);
  }

  private Continuation ask(Run.Occasion occasion) {
    return new FailoverType().steps(input, new Run(1, rows, occasion), scene.spec, scene.state());
  }

  private List<Step> steps(Run.Occasion occasion) {
    Continuation rest = ask(occasion);
    assertThat(rest).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) rest).steps();
  }

  private void ended(Step step, StepState state, Details evidence) {
    Moment now = scene.state().now();
    StepRecord row = StepRecord.planned(rows.size() + 1, step, 1).intended(1, now);
    rows.add(row.ended(state, evidence, state == StepState.FAILED ? "no" : "", now));
  }

  private SuccessionTest cutOff(MemberId member, long timeline, long position) {
    ended(
        Step.act(Acts.CUT_OFF, member, "cut off").thenDecide(),
        StepState.DONE,
        Details.of(Acts.TIMELINE, timeline).with(Acts.POSITION, position));
    return this;
  }

  private MemberId promoted() {
    return steps(Run.Occasion.DECISION).stream()
        .filter(step -> step.act().equals(Acts.PROMOTE))
        .map(Step::member)
        .findFirst()
        .orElseThrow();
  }

  private Step step(String act) {
    return steps(Run.Occasion.DECISION).stream()
        .filter(step -> step.act().equals(act))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("First every standby is cut off, and nothing else is foreseen before they told")
  void cutOffFirst() {
    assertThat(steps(Run.Occasion.BEGIN))
        .extracting(Step::key)
        .containsExactly("cut-off b", "cut-off c");
    assertThat(steps(Run.Occasion.BEGIN)).allMatch(Step::decisionPoint);
  }

  @Test
  @DisplayName("The furthest is chosen; the decision says why, member by member")
  void furthest() {
    cutOff(B, 3, 1000).cutOff(C, 3, 1200);
    assertThat(promoted()).isEqualTo(C);
    Step choose = step(Step.DECISION);
    assertThat(choose.arguments().need("c")).startsWith("chosen");
    assertThat(choose.arguments().need("b")).contains("200 bytes behind");
    assertThat(choose.arguments().has("a")).isTrue();
  }

  @Test
  @DisplayName("Equals: the order of the configuration decides")
  void specOrder() {
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    assertThat(promoted()).isEqualTo(B);
    scene.spec = scene.spec.withServers(List.of(A, C, B));
    assertThat(promoted()).isEqualTo(C);
  }

  @Test
  @DisplayName("A newer timeline beats a further position")
  void timelineFirst() {
    cutOff(B, 3, 600).cutOff(C, 2, 500);
    assertThat(promoted()).isEqualTo(B);
    rows.clear();
    cutOff(B, 3, 600).cutOff(C, 2, 90_000);
    assertThat(promoted()).isEqualTo(B);
  }

  @Test
  @DisplayName(
      "The member that was asked for succeeds if it holds as much, else nobody is promoted")
  void askedFor() {
    input = input.with(FailoverType.TO, C);
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    assertThat(promoted()).isEqualTo(C);
    rows.clear();
    cutOff(B, 3, 1001).cutOff(C, 3, 1000);
    assertThat(ask(Run.Occasion.DECISION))
        .isInstanceOfSatisfying(
            Continuation.GiveUp.class, gaveUp -> assertThat(gaveUp.reason()).contains("b", "c"));
  }

  @Test
  @DisplayName("postgres/S16: a member in doubt is never chosen, however far it got, nor counted")
  void doubtedMember() {
    scene.says(A, silent()).looks(9);
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.FORMER));
    cutOff(B, 3, 1000).cutOff(C, 2, 9000);
    assertThat(ask(Run.Occasion.DECISION)).isInstanceOf(Continuation.Wait.class);
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.NOMINATED));
    rows.clear();
    cutOff(B, 3, 1000).cutOff(C, 3, 9000);
    assertThat(ask(Run.Occasion.DECISION)).isInstanceOf(Continuation.Wait.class);
    scene.ledger(Ledger.quorum(List.of(B), 1));
    assertThat(promoted()).isEqualTo(B);
  }

  @Test
  @DisplayName("postgres/S16: a member that forked before the primary's timeline is never chosen")
  void divergedMember() {
    scene.says(A, silent()).looks(9);
    cutOff(B, 3, 1000).cutOff(C, 2, 499);
    assertThat(ask(Run.Occasion.DECISION)).isInstanceOf(Continuation.Wait.class);
    rows.clear();
    scene.ledger(Ledger.quorum(List.of(B), 1));
    cutOff(B, 3, 1000).cutOff(C, 7, 9000);
    assertThat(promoted()).isEqualTo(B);
  }

  @Test
  @DisplayName("postgres/S12: too few tell their position: wait and say so; nobody is promoted")
  void notEnough() {
    scene.says(A, silent()).says(C, silent()).looks(9);
    List<Step> first = new ArrayList<>();
    if (ask(Run.Occasion.BEGIN) instanceof Continuation.Rest rest) {
      first.addAll(rest.steps());
    }
    assertThat(first).noneMatch(step -> step.act().equals(Acts.PROMOTE));
    cutOff(B, 3, 1000);
    assertThat(ask(Run.Occasion.DECISION))
        .isInstanceOfSatisfying(
            Continuation.Wait.class, wait -> assertThat(wait.reason()).contains("2 of b,c"));
  }

  @Test
  @DisplayName("Who is stopped can still tell: it is started, demoted, following nobody")
  void stoppedMembersAreStarted() {
    scene.says(C, gone("present")).looks(1);
    cutOff(B, 3, 1000);
    List<Step> steps = steps(Run.Occasion.DECISION);
    assertThat(steps).extracting(Step::act).containsOnly(Acts.START);
    assertThat(steps).extracting(Step::member).contains(C);
    assertThat(steps).allMatch(step -> step.arguments().get(Acts.UPSTREAM, "x").isEmpty());
    assertThat(steps).allMatch(Step::decisionPoint);
  }

  @Test
  @DisplayName("An unfinished copy is never started")
  void halfCopiesAreNotStarted() {
    scene.says(C, gone("incomplete")).looks(1);
    cutOff(B, 3, 1000);
    Continuation rest = ask(Run.Occasion.DECISION);
    if (rest instanceof Continuation.Rest some) {
      assertThat(some.steps()).noneMatch(step -> C.equals(step.member()));
    }
  }

  private void failsToPromote(MemberId member) {
    Step promote =
        steps(Run.Occasion.DECISION).stream()
            .filter(step -> step.act().equals(Acts.PROMOTE))
            .findFirst()
            .orElseThrow();
    assertThat(promote.member()).isEqualTo(member);
    for (Step step : steps(Run.Occasion.DECISION)) {
      if (step.isDecision() || step.act().equals(Acts.FENCE)) {
        ended(step, StepState.DONE, step.arguments());
        scene.ledger = scene.ledger.changed(step.ledger(), step.arguments());
      }
    }
    ended(promote, StepState.FAILED, Details.NONE);
    ended(promote, StepState.FAILED, Details.NONE);
  }

  @Test
  @DisplayName("postgres/S13: a candidate that cannot be promoted: the next, if it holds as much")
  void nextCandidate() {
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    failsToPromote(B);
    assertThat(promoted()).isEqualTo(C);
  }

  @Test
  @DisplayName("postgres/S13: the next would lose commits: the old primary comes back, or nobody")
  void nextWouldLose() {
    cutOff(B, 3, 1000).cutOff(C, 3, 2000);
    failsToPromote(C);
    assertThat(steps(Run.Occasion.FAILURE)).extracting(Step::key).containsExactly("start a");
    scene.says(A, gone("absent")).looks(1);
    assertThat(ask(Run.Occasion.FAILURE)).isInstanceOf(Continuation.Stuck.class);
  }

  @Test
  @DisplayName("The old primary's process is gone before anybody is promoted")
  void proofByProcess() {
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    assertThat(step(Acts.FENCE).member()).isEqualTo(A);
    proofComesFirst();
  }

  @Test
  @DisplayName("postgres/S6: the host cannot be asked: the quorum is the proof")
  void proofByQuorum() {
    scene.says(A, silent()).looks(9);
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    List<Step> steps = steps(Run.Occasion.DECISION);
    assertThat(steps).noneMatch(step -> step.act().equals(Acts.FENCE));
    assertThat(steps).anyMatch(step -> step.arguments().get(Acts.PROOF, "").equals("quorum"));
    proofComesFirst();
  }

  @Test
  @DisplayName("Without a quorum there is no proof but the process: no host, no promotion")
  void asynchronousNeedsTheProcess() {
    scene.spec = Scene.spec(0, Failover.DEFAULT);
    scene.ledger(Ledger.quorum(List.of(B, C), 0));
    scene.says(A, silent()).looks(9);
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    assertThat(step(Acts.FENCE).member()).isEqualTo(A);
    Step fence = step(Acts.FENCE);
    ended(fence, StepState.FAILED, Details.NONE);
    assertThat(steps(Run.Occasion.FAILURE)).noneMatch(step -> step.arguments().has(Acts.PROOF));
    proofComesFirst();
  }

  private void proofComesFirst() {
    Proof.check(rows, steps(Run.Occasion.DECISION), A);
  }

  @Test
  @DisplayName("A primary that answers again makes the failover moot, unless it is forced")
  void moot() {
    scene.says(A, Scene.primary(3, 1000, "")).looks(1);
    assertThat(ask(Run.Occasion.BEGIN)).isInstanceOf(Continuation.Moot.class);
    input = input.with(FailoverType.FORCE, "true");
    assertThat(steps(Run.Occasion.BEGIN)).isNotEmpty();
  }

  @Test
  @DisplayName("A promotion of which nobody can tell: looked at again, and nobody else is promoted")
  void promotionInDoubt() {
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    Step promote = step(Acts.PROMOTE);
    assertThat(promote.whenUnknown()).isInstanceOf(WhenUnknown.RetryFor.class);
    assertThat(promote.pointOfNoReturn()).isTrue();
    ended(promote, StepState.ABANDONED, Details.NONE);
    assertThat(steps(Run.Occasion.TAKE_OVER))
        .filteredOn(step -> step.act().equals(Acts.PROMOTE))
        .extracting(Step::key)
        .containsExactly(promote.key());
  }

  @Test
  @DisplayName("Before the promotion the ledger says that it may have happened")
  void nominatedFirst() {
    cutOff(B, 3, 1000).cutOff(C, 3, 1000);
    Step nominate =
        steps(Run.Occasion.DECISION).stream()
            .filter(step -> step.ledger().has("doubt.b") && step.isDecision())
            .findFirst()
            .orElseThrow();
    assertThat(nominate.ledger().need("doubt.b")).isEqualTo(Ledger.Doubt.NOMINATED.name());
    assertThat(step(Acts.PROMOTE).needs()).containsExactly(nominate.key());
    assertThat(step(Acts.PROMOTE).ledger().need("doubt.b")).as("lifted when done").isEmpty();
    assertThat(step(Acts.PROMOTE).ledger().need("doubt.a")).isEqualTo("FORMER");
  }
}
