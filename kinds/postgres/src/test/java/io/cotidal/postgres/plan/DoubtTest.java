package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.replica;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.members.QuorumChange;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class DoubtTest {
  private static final PostgresKind KIND = new PostgresKind();

  private final Scene scene = new Scene();
  private final List<StepRecord> rows = new ArrayList<>();

  private void done(Step step, Details evidence) {
    Moment now = scene.state().now();
    StepRecord row = StepRecord.planned(rows.size() + 1, step, 1).intended(1, now);
    rows.add(row.ended(StepState.DONE, evidence, "", now));
  }

  private void failed(Step step) {
    Moment now = scene.state().now();
    StepRecord row = StepRecord.planned(rows.size() + 1, step, rows.size() + 1).intended(1, now);
    rows.add(row.ended(StepState.FAILED, Details.NONE, "it did not start", now));
  }

  /**
   * The primary is dead, and b alone tells: on the timeline before the primary's, up to its end.
   */
  private Details promotionOfB() {
    scene.looks(3).says(A, gone("present")).says(C, gone("absent")).says(B, standby(2, 500));
    scene.looks(3);
    scene.ledger(Ledger.quorum(List.of(B), 1));
    cutOff(B, 2, 500);
    return promotion(new FailoverType()).ledger();
  }

  private List<Step> steps(OperationType<PostgresSpec, PgFacts> type, Details input) {
    Continuation rest = next(type, input);
    assertThat(rest).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) rest).steps();
  }

  private Continuation next(OperationType<PostgresSpec, PgFacts> type, Details input) {
    Run run = new Run(1, rows, Run.Occasion.DECISION);
    return type.steps(input, run, scene.spec, scene.state());
  }

  private Step promotion(OperationType<PostgresSpec, PgFacts> type) {
    return steps(type, Details.of(Inputs.FROM, A)).stream()
        .filter(step -> step.act().equals(Acts.PROMOTE))
        .findFirst()
        .orElseThrow();
  }

  private void cutOff(MemberId member, long timeline, long position) {
    done(
        Step.act(Acts.CUT_OFF, member, "cut off").thenDecide(),
        Details.of(Acts.TIMELINE, timeline).with(Acts.POSITION, position));
  }

  @Test
  @DisplayName(
      "postgres/S16: who may be on another timeline of the new number is diverged, not nominated")
  void diverged() {
    Details outcome = promotionOfB();
    assertThat(outcome.need("doubt.a")).isEqualTo("DIVERGED");
    assertThat(outcome.need("doubt.c")).isEqualTo("DIVERGED");
    assertThat(outcome.need("doubt.b")).as("the new primary").isEmpty();
  }

  @Test
  @DisplayName("postgres/S16: who was nominated and is not chosen stays nominated")
  void nominatedStays() {
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.NOMINATED));
    scene.ledger(Ledger.doubt(A, Ledger.Doubt.FORMER));
    Details outcome = promotionOfB();
    assertThat(outcome.need("doubt.c")).isEqualTo("NOMINATED");
    assertThat(outcome.need("doubt.a")).isEqualTo("DIVERGED");
  }

  @Test
  @DisplayName("A doubt that no server can settle is not made smaller by a later failover")
  void divergedStays() {
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    scene.looks(3);
    scene.ledger(Ledger.doubt(A, Ledger.Doubt.DIVERGED));
    cutOff(B, 3, 1000);
    cutOff(C, 3, 1000);
    assertThat(promotion(new FailoverType()).ledger().has("doubt.a")).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"NOMINATED", "DIVERGED"})
  @DisplayName("postgres/S16: it is copied anew, even while it streams, and leaves the quorum list")
  void copiedAnew(Ledger.Doubt doubt) {
    scene.ledger(Ledger.doubt(C, doubt)).looks(2);
    List<Wanted> wanted = KIND.plan(scene.spec, scene.state());
    assertThat(wanted).extracting(Wanted::type).containsExactly(Rejoin.NAME, QuorumChange.NAME);
    assertThat(wanted.getFirst().input().need(Inputs.MEMBER)).isEqualTo("c");
    assertThat(wanted.getLast().input().need(QuorumChange.LIST)).isEqualTo("b");
    scene.says(C, canRewind()).looks(1);
    assertThat(rejoin()).extracting(Step::act).contains(Acts.CLONE).doesNotContain(Acts.REWIND);
    assertThat(rejoin().getFirst().sentence()).contains("copy c", "no server can tell");
  }

  @Test
  @DisplayName("Of a former primary the server can tell: it is rewound, and it may stream")
  void formerIsRewound() {
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.FORMER)).looks(2);
    assertThat(KIND.plan(scene.spec, scene.state()))
        .extracting(Wanted::type)
        .containsExactly(QuorumChange.NAME);
    scene.says(C, canRewind()).looks(1);
    assertThat(rejoin()).extracting(Step::act).contains(Acts.REWIND).doesNotContain(Acts.CLONE);
  }

  private static Observation<PgFacts> canRewind() {
    Host host = Scene.host(Host.Process.GONE, "present");
    return new Observation.Refused<>(
        "connection refused",
        new Host(host.process(), host.stamp(), host.facts().with(Acts.CAN_REWIND, "true")));
  }

  private List<Step> rejoin() {
    done(
        Step.act(Acts.FENCE, C, "stop c for good").thenDecide(),
        Details.of(Acts.PROOF, "process gone"));
    Details input = Details.of(Inputs.MEMBER, C).with(Inputs.PRIMARY, A);
    Step keep = steps(new Rejoin(), input).getFirst();
    if (keep.act().equals(Acts.KEEP_TAIL)) {
      done(keep, Details.NONE);
    }
    return steps(new Rejoin(), input);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"NOMINATED", "DIVERGED"})
  @DisplayName("Stopped, it is not started to be asked how far it got")
  void notStarted(Ledger.Doubt doubt) {
    scene.says(C, gone("present")).says(A, gone("present")).looks(3);
    scene.ledger(Ledger.doubt(C, doubt));
    assertThat(started(Run.begin())).extracting(Step::member).containsExactly(A);
  }

  private List<Step> started(Run run) {
    Continuation wait = new Continuation.Wait("nobody told");
    return ColdStart.startOrWait(run, scene.state(), wait) instanceof Continuation.Rest rest
        ? rest.steps()
        : List.of();
  }

  @Test
  @DisplayName("A former primary that went on to the primary's own timeline may be chosen again")
  void formerOnTheTimeline() {
    scene.looks(3).says(A, gone("lost")).says(B, standby(3, 1000)).looks(3);
    scene.ledger(Ledger.doubt(B, Ledger.Doubt.FORMER)).ledger(Ledger.quorum(List.of(B), 1));
    cutOff(B, 2, 1000);
    assertThat(next(new FailoverType(), Details.of(Inputs.FROM, A)))
        .isInstanceOf(Continuation.Wait.class);
    cutOff(B, 3, 1000);
    assertThat(failover()).contains(Acts.PROMOTE);
  }

  @Test
  @DisplayName("A server that failed to start is tried again for as long as it could end the wait")
  void startedAgain() {
    scene.says(A, gone("present")).says(B, gone("lost")).says(C, gone("lost")).looks(3);
    Step start = started(Run.begin()).getFirst();
    for (int i = 0; i < 5; i++) {
      failed(start);
      assertThat(failover()).containsExactly(Acts.START);
      assertThat(steps(new ColdStart(), Details.of(Inputs.FROM, A)))
          .extracting(Step::act)
          .containsExactly(Acts.START);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"NOMINATED", "DIVERGED"})
  @DisplayName("After a promotion it does not simply follow")
  void doesNotFollow(Ledger.Doubt doubt) {
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    scene.looks(3);
    scene.ledger(Ledger.doubt(C, doubt)).ledger(Ledger.quorum(List.of(B), 1));
    cutOff(B, 3, 1000);
    cutOff(C, 3, 1000);
    assertThat(failover()).contains(Acts.PROMOTE).doesNotContain(Acts.FOLLOW);
    done(Step.act(Acts.PROMOTE, B, "promote b"), Details.of(Acts.TIMELINE, 4));
    assertThat(failover()).isEmpty();
  }

  private List<String> failover() {
    return steps(new FailoverType(), Details.of(Inputs.FROM, A)).stream().map(Step::act).toList();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"FORMER", "NOMINATED", "DIVERGED"})
  @DisplayName("Each word of a journalled ledger is read as what it says")
  void words(String word) {
    Ledger ledger = Ledger.of(Details.of("primary", "b").with("doubt.a", word));
    assertThat(ledger.doubts()).containsOnlyKeys(A);
    assertThat(ledger.doubts().get(A)).hasToString(word);
    assertThat(ledger.mustBeCopied(A)).isEqualTo(!word.equals("FORMER"));
    assertThat(ledger.mustBeCopied(B)).isFalse();
  }

  @Test
  @DisplayName("A cold start chooses the last primary again only if it was nominated")
  void lastPrimaryAgain() {
    scene.says(A, standby(3, 900)).says(B, standby(3, 1000)).says(C, standby(3, 1000)).looks(3);
    cutOff(A, 3, 900);
    cutOff(B, 3, 1000);
    cutOff(C, 3, 1000);
    assertThat(promotion(new ColdStart()).member()).isEqualTo(B);
    scene.ledger(Ledger.doubt(A, Ledger.Doubt.DIVERGED));
    assertThat(promotion(new ColdStart()).member()).isEqualTo(B);
    scene.ledger(Ledger.doubt(A, Ledger.Doubt.NOMINATED));
    assertThat(promotion(new ColdStart()).member()).isEqualTo(A);
  }

  @Test
  @DisplayName("The reason of a rejoin says which doubt it is")
  void reasons() {
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.NOMINATED)).says(C, replica(3, 1000, A, 10)).looks(1);
    assertThat(KIND.plan(scene.spec, scene.state()).getFirst().reason()).contains("promoted");
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.DIVERGED));
    assertThat(KIND.plan(scene.spec, scene.state()).getFirst().reason())
        .contains("timeline")
        .doesNotContain("promoted");
  }
}
