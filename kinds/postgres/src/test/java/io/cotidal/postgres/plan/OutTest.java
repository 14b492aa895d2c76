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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.engine.Command;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Actor;
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
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.plan.members.FenceMember;
import io.cotidal.postgres.plan.members.QuorumChange;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeBack;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.plan.succession.Switchover;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned, diagnosed and refused when members are out on purpose. */
@Timeout(10)
class OutTest {
  private final Scene scene = new Scene();
  private final PostgresKind kind = new PostgresKind();

  private OutTest out(MemberId member, Out.How how) {
    scene.ledger(Out.mark(member, how));
    return this;
  }

  /** Member b is stopped on purpose, off the list, and down. */
  private OutTest withoutB() {
    scene.ledger(Ledger.quorum(List.of(C), 1));
    scene.says(A, primary(3, 1000, "ANY 1 (\"c\")", "c")).says(B, gone("present"));
    return out(B, Out.How.STOPPED);
  }

  private List<Wanted> plan() {
    return kind.plan(scene.spec, scene.state());
  }

  private PgDiagnosis diagnosis() {
    return kind.diagnose(scene.spec, scene.state());
  }

  private Details prepare(String type, MemberId member) {
    return prepare(type, Details.of(Inputs.MEMBER, member));
  }

  private Details prepare(String type, Details input) {
    Command.Begin asked = new Command.Begin(new Actor("ann"), type, input, null, false);
    Command.Begin meant = kind.meant(scene.spec, scene.state(), asked);
    return kind.prepare(scene.spec, scene.state(), meant);
  }

  private String becomes(String type, MemberId member) {
    Details input = Details.of(Inputs.MEMBER, member);
    Command.Begin asked = new Command.Begin(new Actor("ann"), type, input, null, false);
    return kind.meant(scene.spec, scene.state(), asked).type();
  }

  private void refused(String type, Details input, String... words) {
    assertThatThrownBy(() -> prepare(type, input))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\n");
  }

  private void refused(String type, MemberId member, String... words) {
    refused(type, Details.of(Inputs.MEMBER, member), words);
  }

  private List<Step> steps(String type, Details input) {
    Continuation rest =
        kind.operation(type).orElseThrow().steps(input, Run.begin(), scene.spec, scene.state());
    assertThat(rest).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) rest).steps();
  }

  private static Observation<PgFacts> dead(String control) {
    Host host = Scene.host(Host.Process.GONE, "present");
    return new Observation.Refused<>(
        "connection refused",
        new Host(host.process(), host.stamp(), host.facts().with(Acts.CONTROL_STATE, control)));
  }

  @Test
  @DisplayName("who is stopped on purpose is named, no alarm, and nobody starts it")
  void leftAlone() {
    withoutB();
    scene.looks(5);
    assertThat(diagnosis()).isInstanceOf(PgDiagnosis.Healthy.class);
    assertThat(diagnosis().sentence()).contains("b is stopped on purpose");
    assertThat(plan()).isEmpty();
    assertThat(kind.members(scene.spec, scene.state()).get(1).facts().get("out", ""))
        .isEqualTo("stopped on purpose");
  }

  @Test
  @DisplayName("without the mark the same member would be started, and is a trouble")
  void elseItWouldBeStarted() {
    withoutB();
    scene.ledger = scene.ledger.without("out.b");
    scene.looks(5);
    assertThat(diagnosis()).isInstanceOf(Troubled.Degraded.class);
    assertThat(plan()).extracting(Wanted::type).contains(Repairs.Start.NAME);
  }

  @Test
  @DisplayName("one that runs although it is stopped on purpose is named and left alone")
  void runsAllTheSame() {
    withoutB();
    scene.says(B, replica(3, 1000, A, 10)).looks(5);
    assertThat(diagnosis().sentence()).contains("b runs although it is stopped on purpose");
    assertThat(plan()).isEmpty();
  }

  @Test
  @DisplayName("one that takes writes is fenced, and stays down")
  void intruder() {
    withoutB();
    scene.says(B, primary(4, 2000, "")).looks(5);
    assertThat(plan()).extracting(Wanted::type).containsExactly(Rejoin.NAME);
    Details input = Details.of(Inputs.MEMBER, B).with(Inputs.PRIMARY, A);
    Step fence = steps(Rejoin.NAME, input).getFirst();
    assertThat(fence.act()).isEqualTo(Acts.FENCE);
    Moment now = scene.state().now();
    StepRecord row =
        StepRecord.planned(1, fence, 1)
            .intended(1, now)
            .ended(StepState.DONE, Details.NONE, "", now);
    Continuation rest =
        new Rejoin()
            .steps(
                input, new Run(1, List.of(row), Run.Occasion.DECISION), scene.spec, scene.state());
    assertThat(rest).isEqualTo(Continuation.finished());
  }

  @Test
  @DisplayName("the slot of a disabled member is dropped, whoever made it")
  void slotOfDisabled() {
    withoutB();
    scene.ledger(Out.mark(B, Out.How.DISABLED));
    PgFacts facts = primary(3, 1000, "ANY 1 (\"c\")", "c");
    scene
        .says(
            A,
            new PgFacts(
                facts.version(),
                facts.systemId(),
                false,
                3,
                1000,
                1000,
                null,
                null,
                facts.senders(),
                facts.syncNames(),
                List.of("b", "c"),
                true))
        .looks(3);
    assertThat(plan()).extracting(Wanted::type).containsExactly(TakeOut.DISABLE);
    assertThat(steps(TakeOut.DISABLE, plan().getFirst().input()))
        .extracting(Step::act)
        .containsExactly(Step.DECISION, Acts.SLOTS);
  }

  @Test
  @DisplayName("a failover asks who is on the list, and nobody who is out")
  void failover() {
    withoutB();
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 5000)).says(C, standby(3, 1000));
    scene.looks(3);
    assertThat(steps(FailoverType.NAME, Details.of(Inputs.FROM, A)))
        .extracting(Step::key)
        .containsExactly("cut-off c");
  }

  @Test
  @DisplayName("who is marked as out and is on the list counts: N - k + 1 of the list must tell")
  void outAndOnTheList() {
    out(B, Out.How.STOPPED);
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    scene.looks(3);
    assertThat(steps(FailoverType.NAME, Details.of(Inputs.FROM, A)))
        .extracting(Step::key)
        .containsExactly("cut-off b", "cut-off c");
    scene.says(B, gone("present")).looks(3);
    assertThat(steps(FailoverType.NAME, Details.of(Inputs.FROM, A)))
        .extracting(Step::key)
        .contains("start b");
  }

  @Test
  @DisplayName("a cold start leaves out who is out")
  void coldStart() {
    withoutB();
    scene.looks(3).says(A, gone("present")).says(C, gone("present")).looks(5);
    assertThat(diagnosis()).isInstanceOf(PgDiagnosis.NoPrimary.class);
    assertThat(steps(ColdStart.NAME, Details.of(Inputs.FROM, A)))
        .extracting(Step::key)
        .containsExactly("start a", "start c");
  }

  @Test
  @DisplayName("commits wait for others before a replica is stopped")
  void quorumFirst() {
    scene.looks(3);
    Details input = prepare(TakeOut.STOP, B);
    assertThat(input.need(QuorumChange.LIST)).isEqualTo("c");
    assertThat(steps(TakeOut.STOP, input))
        .extracting(Step::key)
        .containsExactly("widen", "set-quorum a");
    assertThat(
            kind.operation(TakeOut.STOP).orElseThrow().predicted(input, scene.spec, scene.state()))
        .extracting(Step::key)
        .containsExactly("stop b");
  }

  @Test
  @DisplayName("a dry run of a switchover names whom it was asked for, who is behind just now")
  void askedFor() {
    scene.says(B, replica(3, 990, A, 0)).says(C, replica(3, 1000, A, 0)).looks(3);
    Details input = prepare(Switchover.NAME, Details.of(FailoverType.TO, B));
    assertThat(
            kind.operation(Switchover.NAME)
                .orElseThrow()
                .predicted(input, scene.spec, scene.state()))
        .extracting(Step::key)
        .contains("promote b")
        .doesNotContain("promote c");
  }

  @Test
  @DisplayName("never below k: one line, and nothing changes")
  void neverBelowK() {
    scene.says(B, gone("present")).looks(3);
    refused(TakeOut.STOP, C, "commits wait for 1", "only 0 would stream", "lower quorum");
    refused(TakeOut.DISABLE, C, "commits wait for 1");
    withoutB();
    scene.looks(3);
    refused(TakeOut.STOP, C, "commits wait for 1");
  }

  @Test
  @DisplayName("refusals name the place, the reason and the remedy")
  void refusals() {
    scene.looks(3);
    refused(TakeOut.STOP, A, "a is primary", "switchover");
    refused(TakeOut.STOP, new MemberId("x"), "no member 'x'", "choose one of a,b,c");
    refused(TakeOut.STOP, Details.NONE, "name the member");
    refused(Repairs.Start.NAME, B, "b runs already");
    refused(TakeBack.ENABLE, B, "neither disabled nor stopped");
    refused(Restart.NAME, A, "a is primary", "switchover", "--in-place");
    Details inPlace = Details.of(Inputs.MEMBER, B).with(Inputs.IN_PLACE, "true");
    refused(Restart.NAME, inPlace, "b is no primary");
    refused(TakeBack.CLONE, B, "b runs", "reclone");
    refused(TakeBack.CLONE, A, "a is primary", "the truth");
    Details from = Details.of(Inputs.MEMBER, B).with(Acts.FROM, B);
    refused(Meaning.RECLONE, from, "b is no replica that streams");
    refused(FenceMember.NAME, A, "--force");
    refused(FenceMember.NAME, B, "b is a standby", "stop");
    refused(Meaning.REMASTER, A, "a is primary");
    scene.says(B, cannotTell("wrong password")).looks(3);
    refused(TakeOut.STOP, C, "commits wait for 1");
    refused(Restart.NAME, B, "does not answer as a replica");
    refused(TakeBack.CLONE, B, "cannot tell how b is", "wrong password");
    refused(Meaning.REMASTER, B, "b does not answer", "wrong password");
  }

  @Test
  @DisplayName("what cannot be told is neither stopped nor started")
  void unknown() {
    scene.says(B, silent()).looks(3);
    refused(TakeOut.STOP, B, "cannot tell whether b runs", "disable it instead");
    refused(Repairs.Start.NAME, B, "cannot tell how b is");
    out(B, Out.How.DISABLED);
    refused(TakeBack.ENABLE, B, "cannot tell how b is");
    refused(Repairs.Start.NAME, B, "b is disabled", "enable");
    refused(Rejoin.NAME, B, "b is disabled on purpose");
    refused(Switchover.NAME, Details.of(FailoverType.TO, B), "b does not stream");
  }

  @Test
  @DisplayName("disabled, an unreachable member is only left alone: nothing is done to it")
  void disableUnreachable() {
    scene.says(B, silent()).looks(3);
    Details input = prepare(TakeOut.DISABLE, B);
    assertThat(
            kind.operation(TakeOut.DISABLE)
                .orElseThrow()
                .predicted(input, scene.spec, scene.state()))
        .extracting(Step::act)
        .containsExactly(Step.DECISION, Acts.SLOTS);
  }

  @Test
  @DisplayName("enabled, a member that was primary of another history is taken back by rejoin")
  void noSecondPrimary() {
    withoutB();
    scene.ledger(Out.mark(B, Out.How.DISABLED)).says(B, dead("in production")).looks(3);
    assertThat(steps(TakeBack.ENABLE, prepare(TakeBack.ENABLE, B)))
        .extracting(Step::key)
        .containsExactly("take it back", "fence b");
    scene.says(B, dead("shut down in recovery")).looks(1);
    assertThat(steps(TakeBack.ENABLE, prepare(TakeBack.ENABLE, B)))
        .extracting(Step::key)
        .containsExactly("take it back", "start it as it is");
  }

  @Test
  @DisplayName("started, a stopped member is no longer out")
  void start() {
    withoutB();
    scene.says(B, dead("shut down in recovery")).looks(3);
    List<Step> steps = steps(Repairs.Start.NAME, prepare(Repairs.Start.NAME, B));
    assertThat(steps).extracting(Step::key).containsExactly("take it back", "start b");
    assertThat(steps.getFirst().ledger().get("out.b", "?")).isEmpty();
    scene.says(B, dead("in production")).looks(1);
    refused(Repairs.Start.NAME, B, "could not follow a as it is", "rejoin");
  }

  @Test
  @DisplayName("a primary restarted in its place: from its stop on nothing pushes that aside")
  void restartInPlace() {
    scene.looks(3);
    Details input =
        prepare(Restart.NAME, Details.of(Inputs.MEMBER, A).with(Inputs.IN_PLACE, "true"));
    assertThat(steps(Restart.NAME, input))
        .extracting(Step::key)
        .containsExactly("checkpoint a", "stop a");
    assertThat(steps(Restart.NAME, input).getLast().pointOfNoReturn()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"promote,switchover", "remaster,follow", "reclone,clone", "stonith,fence"})
  @DisplayName("choices come to what fits")
  void choices(String action, String type) {
    scene.looks(3);
    assertThat(becomes(action, B)).isEqualTo(type);
  }

  @Test
  @DisplayName(
      "promote is a failover once the primary is known to be gone, and before that nothing")
  void promote() {
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    scene.looks(1);
    refused(Meaning.PROMOTE, B, "not confirmed yet", "failover");
    scene.looks(4);
    assertThat(becomes(Meaning.PROMOTE, B)).isEqualTo(FailoverType.NAME);
    assertThat(prepare(Meaning.PROMOTE, B))
        .isEqualTo(Details.of(Inputs.FROM, A).with(FailoverType.TO, B));
    scene.says(A, cannotTell("too many connections")).looks(3);
    refused(Meaning.PROMOTE, B, "cannot tell how a");
  }

  @Test
  @DisplayName("who is out is not promoted, not even by name")
  void notPromoted() {
    withoutB();
    scene.looks(3).says(A, gone("present")).says(C, standby(3, 1000)).looks(4);
    refused(Meaning.PROMOTE, B, "b is stopped on purpose", "take it back");
  }

  @Test
  @DisplayName("fenced with force, or when it is gone already; the sentence says what follows")
  void fence() {
    scene.looks(3);
    Details force = Details.of(Inputs.MEMBER, A).with(FailoverType.FORCE, "true");
    Step kill = steps(FenceMember.NAME, prepare(FenceMember.NAME, force)).getFirst();
    assertThat(kill.act()).isEqualTo(Acts.FENCE);
    assertThat(kill.sentence()).contains("a failover follows by itself");
    scene.says(A, silent()).says(B, standby(3, 1000)).says(C, standby(3, 1000)).looks(20);
    assertThat(prepare(Meaning.STONITH, A)).isEqualTo(Details.of(Inputs.MEMBER, A));
  }
}
