package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.silent;
import static io.cotidal.postgres.plan.Scene.standby;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.proxying.ProxiedKind;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Guarantee;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a policy may decide, and what it may not: nobody is promoted who may lack a commit. */
@Timeout(10)
class PolicyTest {
  private static final Standing NEVER =
      new Standing(100, true, Standing.UNLIMITED, new TreeSet<>());

  private final Scene scene = new Scene();
  private final List<StepRecord> rows = new ArrayList<>();
  private Details input = Details.of(Inputs.FROM, A);

  @BeforeEach
  void primaryDies() {
    scene.looks(3).says(A, gone("present")).says(B, standby(3, 1000)).says(C, standby(3, 1000));
    scene.looks(3);
  }

  private void policy(Map<MemberId, Standing> standings, List<String> prefer) {
    Policy policy = new Policy(new TreeMap<>(standings), prefer, Duration.ZERO, Duration.ZERO);
    scene.spec = scene.spec.with(Practice.PLAIN.with(policy));
  }

  private void restart(Duration restart, Duration hold) {
    Policy policy = new Policy(new TreeMap<>(), List.of(), restart, hold);
    scene.spec = scene.spec.with(Practice.PLAIN.with(policy));
  }

  private static Standing priority(int priority) {
    return new Standing(priority, false, Standing.UNLIMITED, new TreeSet<>());
  }

  private static Standing limit(long bytes) {
    return new Standing(100, false, bytes, new TreeSet<>());
  }

  private static Standing tagged(String tag) {
    return new Standing(100, false, Standing.UNLIMITED, new TreeSet<>(List.of(tag)));
  }

  private Continuation ask() {
    return new FailoverType()
        .steps(input, new Run(1, rows, Run.Occasion.DECISION), scene.spec, scene.state());
  }

  private List<Step> steps() {
    assertThat(ask()).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) ask()).steps();
  }

  private MemberId promoted() {
    return steps().stream()
        .filter(step -> step.act().equals(Acts.PROMOTE))
        .map(Step::member)
        .findFirst()
        .orElseThrow();
  }

  private String waits() {
    assertThat(ask()).isInstanceOf(Continuation.Wait.class);
    return ((Continuation.Wait) ask()).reason();
  }

  private void ended(Step step, StepState state, Details evidence) {
    StepRecord row = StepRecord.planned(rows.size() + 1, step, 1).intended(1, scene.state().now());
    rows.add(row.ended(state, evidence, "", scene.state().now()));
  }

  private void told(MemberId member, long position) {
    ended(
        Step.act(Acts.CUT_OFF, member, "cut off").thenDecide(),
        StepState.DONE,
        Details.of(Acts.TIMELINE, 3).with(Acts.POSITION, position));
  }

  private void asynchronous(Map<MemberId, Standing> standings) {
    scene.spec = Scene.spec(0, Failover.DEFAULT);
    policy(standings, List.of());
    scene.ledger(Ledger.quorum(List.of(B, C), 0));
  }

  @Test
  @DisplayName("Of equals the lowest priority number wins, and the record says so")
  void priorityBetweenEquals() {
    policy(Map.of(B, priority(50), C, priority(10)), List.of());
    told(B, 1000);
    told(C, 1000);
    assertThat(promoted()).isEqualTo(C);
    Step choose = steps().stream().filter(Step::isDecision).findFirst().orElseThrow();
    assertThat(choose.arguments().need("c")).startsWith("chosen");
    assertThat(choose.arguments().need("b")).contains("less preferred");
    assertThat(choose.arguments().need("rule")).contains("2 of b,c", "acknowledged");
    assertThat(choose.arguments().need("a")).contains("its process is gone");
  }

  @Test
  @DisplayName("A priority never makes up for a commit: who is further is promoted")
  void priorityIsNoLicence() {
    policy(Map.of(B, priority(1), C, priority(999)), List.of());
    told(B, 1000);
    told(C, 1001);
    assertThat(promoted()).isEqualTo(C);
  }

  @Test
  @DisplayName("Tags that are preferred come before the priority")
  void preferredTags() {
    policy(Map.of(B, priority(1), C, tagged("east")), List.of("west", "east"));
    told(B, 1000);
    told(C, 1000);
    assertThat(promoted()).isEqualTo(C);
  }

  @Test
  @DisplayName("A member marked never is not promoted as long as another one holds as much")
  void never() {
    policy(Map.of(B, NEVER), List.of());
    told(B, 1000);
    told(C, 1000);
    assertThat(promoted()).isEqualTo(C);
    assertThat(steps().getFirst().arguments().need("b")).contains("never");
  }

  @Test
  @DisplayName(
      "Only a member marked never holds everything: nobody is promoted, unless it is named")
  void neverButFurthest() {
    policy(Map.of(B, NEVER), List.of());
    scene.says(A, silent()).looks(9);
    told(B, 1001);
    told(C, 1000);
    assertThat(waits()).contains("b", "never", "--to");
    input = input.with(FailoverType.TO, B);
    assertThat(promoted()).isEqualTo(B);
  }

  @Test
  @DisplayName("Commits that wait for both replicas: either holds all, whoever is further")
  void everybodyHoldsAll() {
    scene.spec = Scene.spec(2, Failover.DEFAULT);
    policy(Map.of(B, NEVER), List.of());
    scene.ledger(Ledger.quorum(List.of(B, C), 2));
    told(B, 1001);
    told(C, 1000);
    assertThat(promoted()).isEqualTo(C);
  }

  @Test
  @DisplayName("postgres/S12: every replica is beyond its limit: no move, the bytes are named")
  void beyondTheLimit() {
    asynchronous(Map.of(B, limit(100), C, limit(100)));
    scene.says(A, silent()).looks(9);
    told(B, 700);
    told(C, 600);
    assertThat(waits()).contains("300 bytes", "limit is 100", "--accept-loss");
    input = input.with(FailoverType.ACCEPT_LOSS, "true");
    assertThat(promoted()).isEqualTo(B);
  }

  @Test
  @DisplayName("postgres/S12: rather than to lose, the dead primary is brought back, if it can be")
  void backRatherThanLoss() {
    asynchronous(Map.of(B, limit(100), C, limit(100)));
    told(B, 700);
    told(C, 600);
    assertThat(steps()).extracting(Step::key).containsExactly("start a");
    ended(steps().getFirst(), StepState.DONE, Details.NONE);
    scene.says(A, standby(3, 1000)).looks(1);
    assertThat(steps()).extracting(Step::key).containsExactly("cut-off a");
    told(A, 1000);
    assertThat(promoted()).isEqualTo(A);
  }

  @Test
  @DisplayName("postgres/S12: the status says what is at risk, and what bound holds")
  void bytesAtRisk() {
    asynchronous(Map.of(B, limit(100), C, limit(200)));
    scene.says(B, standby(3, 700)).says(C, standby(3, 600)).looks(3);
    assertThat(new Guarantee(scene.spec, scene.state()).sentence()).contains("300 bytes at risk");
    scene.says(A, primary(3, 1000, "")).looks(1);
    assertThat(new Guarantee(scene.spec, scene.state()).sentence())
        .startsWith("bounded by 200 bytes");
    assertThat(new Guarantee(Scene.spec(0, Failover.DEFAULT), scene.state()).sentence())
        .startsWith("unguarded");
  }

  @Test
  @DisplayName("postgres/S12: nobody knows how far the primary was: that is not zero")
  void unknownLoss() {
    Scene fresh = new Scene().says(A, silent());
    fresh.spec = Scene.spec(0, Failover.DEFAULT);
    fresh.spec =
        fresh.spec.with(
            Practice.PLAIN.with(
                new Policy(
                    new TreeMap<>(Map.of(B, limit(100), C, limit(100))),
                    List.of(),
                    Duration.ZERO,
                    Duration.ZERO)));
    fresh.ledger(Ledger.quorum(List.of(B, C), 0));
    fresh.says(B, standby(3, 1000)).says(C, standby(3, 1000)).looks(3);
    told(B, 1000);
    told(C, 1000);
    Continuation answer =
        new FailoverType()
            .steps(input, new Run(1, rows, Run.Occasion.DECISION), fresh.spec, fresh.state());
    assertThat(answer)
        .isInstanceOfSatisfying(
            Continuation.Wait.class, wait -> assertThat(wait.reason()).contains("nobody can tell"));
  }

  @Test
  @DisplayName("A lag limit is not asked where commits wait: what is missing was not acknowledged")
  void limitsAreForAsynchronous() {
    policy(Map.of(B, limit(1), C, limit(1)), List.of());
    told(B, 700);
    told(C, 600);
    assertThat(promoted()).isEqualTo(B);
  }

  private void failsToPromote(MemberId member) {
    Step promote =
        steps().stream().filter(step -> step.act().equals(Acts.PROMOTE)).findFirst().orElseThrow();
    assertThat(promote.member()).isEqualTo(member);
    for (Step step : steps()) {
      if (step.isDecision() || step.act().equals(Acts.FENCE)) {
        ended(step, StepState.DONE, step.arguments());
        scene.ledger = scene.ledger.changed(step.ledger(), step.arguments());
      }
    }
    ended(promote, StepState.FAILED, Details.NONE);
    ended(promote, StepState.FAILED, Details.NONE);
  }

  @Test
  @DisplayName("postgres/S13: none can be promoted: the old primary comes back, demoted first")
  void oldPrimaryBack() {
    told(B, 1000);
    told(C, 1000);
    failsToPromote(B);
    failsToPromote(C);
    Step start = steps().getFirst();
    assertThat(start.key()).isEqualTo(ColdStart.start(A).key());
    assertThat(start.arguments().need(Acts.UPSTREAM)).isEmpty();
    ended(start, StepState.DONE, Details.NONE);
    Step cut = steps().getFirst();
    assertThat(cut.key()).isEqualTo("cut-off a");
    told(A, 1008);
    assertThat(promoted()).isEqualTo(A);
  }

  @Test
  @DisplayName("postgres/S13: the old primary may still live: a person must look")
  void oldPrimaryMayLive() {
    scene.says(A, silent()).looks(9);
    told(B, 1000);
    told(C, 1000);
    failsToPromote(B);
    failsToPromote(C);
    assertThat(ask()).isInstanceOf(Continuation.Stuck.class);
  }

  private static Plugin plugin(Plugin.Hook hook) {
    return new Plugin(hook, "power", Path.of("/srv/p"), Duration.ofSeconds(3), new TreeMap<>());
  }

  private Step asked() {
    return steps().stream().filter(step -> step.act().equals(Acts.HOOK)).findFirst().orElseThrow();
  }

  @Test
  @DisplayName("postgres/S2: the host cannot be asked: a plug-in must end it, then the promotion")
  void stonith() {
    asynchronous(Map.of());
    scene.spec =
        scene.spec.with(scene.spec.practice().asking(List.of(plugin(Plugin.Hook.STONITH))));
    scene.says(A, silent()).looks(9);
    told(B, 1000);
    told(C, 1000);
    Step ask = asked();
    assertThat(ask.member()).isEqualTo(A);
    assertThat(ask.deadline()).isEqualTo(Duration.ofSeconds(4));
    Proof.check(rows, steps(), A);
    ended(ask, StepState.FAILED, Details.NONE);
    assertThat(asked().key()).as("asked again").isEqualTo(ask.key());
    ended(ask, StepState.FAILED, Details.NONE);
    assertThat(steps())
        .as("no yes: the process alone is a proof then")
        .noneMatch(step -> step.act().equals(Acts.HOOK));
    Proof.check(rows, steps(), A);
    ended(ask, StepState.DONE, Details.of(Acts.PROOF, "the power is off"));
    assertThat(steps()).noneMatch(step -> step.act().equals(Acts.FENCE));
    assertThat(promoted()).isEqualTo(B);
  }

  @Test
  @DisplayName("A plug-in that reaches the primary keeps it; its no and its silence decide nothing")
  void polls() {
    scene.spec = scene.spec.with(Practice.PLAIN.asking(List.of(plugin(Plugin.Hook.POLL))));
    Step ask = asked();
    assertThat(steps()).as("before anything is cut off").containsExactly(ask);
    assertThat(ask.member()).isEqualTo(A);
    ended(ask, StepState.DONE, Details.of(Acts.ALIVE, "yes"));
    assertThat(ask())
        .isInstanceOfSatisfying(
            Continuation.GiveUp.class,
            gaveUp -> assertThat(gaveUp.reason()).contains("power reaches a"));
    for (String other : List.of("no", "unknown", "", "YES")) {
      rows.clear();
      ended(ask, StepState.DONE, Details.of(Acts.ALIVE, other));
      assertThat(steps()).as(other).extracting(Step::key).contains("cut-off b", "cut-off c");
    }
    rows.clear();
    ended(ask, StepState.FAILED, Details.NONE);
    assertThat(steps()).extracting(Step::key).contains("cut-off b", "cut-off c");
    rows.clear();
    input = input.with(FailoverType.FORCE, "true");
    assertThat(steps()).noneMatch(step -> step.act().equals(Acts.HOOK));
  }

  @Test
  @DisplayName("Where nobody suspects the primary, a plug-in makes nobody do so")
  void pollsNobody() {
    Scene well = new Scene().looks(3);
    well.spec = well.spec.with(Practice.PLAIN.asking(List.of(plugin(Plugin.Hook.POLL))));
    assertThat(new PostgresKind().plan(well.spec, well.state())).isEmpty();
  }

  @Test
  @DisplayName("The order of fencing is the operator's, and the record says which rung was proof")
  void fencing() {
    asynchronous(Map.of());
    Policy.Rung gate = Policy.Rung.GATE;
    Policy.Rung plugin = Policy.Rung.PLUG_IN;
    for (List<Policy.Rung> order : List.of(List.of(gate, plugin), List.of(plugin, gate))) {
      rows.clear();
      Policy policy = new Policy(new TreeMap<>(), List.of(), Duration.ZERO, Duration.ZERO, order);
      scene.spec =
          scene.spec.with(Practice.PLAIN.with(policy).asking(List.of(plugin(Plugin.Hook.STONITH))));
      told(B, 1000);
      told(C, 1000);
      boolean first = order.getFirst() == plugin;
      assertThat(steps().stream().anyMatch(step -> step.act().equals(Acts.HOOK))).isEqualTo(first);
      Step nominate =
          steps().stream()
              .filter(step -> step.key().startsWith("nominate"))
              .findFirst()
              .orElseThrow();
      assertThat(nominate.arguments().need("proven-by")).isEqualTo(first ? "plug-in" : "gate");
      assertThat(nominate.arguments().need(first ? "plug-in" : "gate")).contains("done");
      Proof.check(rows, steps(), A);
    }
  }

  @Test
  @DisplayName("A plug-in that selects decides between equals; silent, rubbish or late, nothing")
  void selects() {
    scene.spec = scene.spec.with(Practice.PLAIN.asking(List.of(plugin(Plugin.Hook.SELECT))));
    told(B, 1000);
    told(C, 1000);
    Step ask = asked();
    assertThat(steps()).containsExactly(ask);
    assertThat(ask.arguments().need("candidates")).isEqualTo("b=3/1000,c=3/1000");
    ended(ask, StepState.FAILED, Details.NONE);
    assertThat(promoted()).isEqualTo(B);
    rows.removeLast();
    ended(ask, StepState.DONE, Details.of(Acts.ORDER, "c,b"));
    assertThat(promoted()).isEqualTo(C);
    rows.clear();
    told(B, 1001);
    told(C, 1000);
    ended(ask, StepState.DONE, Details.of(Acts.ORDER, "c,b"));
    assertThat(promoted()).as("nobody is talked into a loss").isEqualTo(B);
  }

  @Test
  @DisplayName("Who is to be told of a new primary is told after the promotion")
  void told() {
    scene.spec =
        scene.spec.with(Practice.PLAIN.asking(List.of(plugin(Plugin.Hook.AFTER_FAILOVER))));
    told(B, 1000);
    told(C, 1000);
    Continuation answer =
        new ProxiedKind()
            .operation(FailoverType.NAME)
            .orElseThrow()
            .steps(input, new Run(1, rows, Run.Occasion.DECISION), scene.spec, scene.state());
    List<Step> steps = ((Continuation.Rest) answer).steps();
    assertThat(steps.getLast().key()).isEqualTo("hook power b");
    assertThat(steps.getLast().needs()).containsExactly("promote b");
  }

  private Wanted wanted() {
    List<Wanted> all = new PostgresKind().plan(scene.spec, scene.state());
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private void past(String type, long secondsAgo) {
    knows(type, OperationState.DONE, secondsAgo);
  }

  private void knows(String type, OperationState state, long secondsAgo) {
    long now = scene.state().now().micros();
    scene.knows(
        new Operation(
            new OperationId(scene.spec.id(), 7),
            type,
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
            List.of(),
            now,
            0,
            now,
            now - secondsAgo * 1_000_000,
            List.of()));
  }

  @Test
  @DisplayName("postgres/S24: the role has moved lately: the next move waits, and says why")
  void hold() {
    restart(Duration.ZERO, Duration.ofSeconds(60));
    assertThat(wanted().automatic()).isTrue();
    past(FailoverType.NAME, 20);
    assertThat(wanted().type()).isEqualTo(FailoverType.NAME);
    assertThat(wanted().automatic()).isFalse();
    assertThat(wanted().reason()).contains("held", "60 s", "approve");
    restart(Duration.ZERO, Duration.ofSeconds(19));
    assertThat(wanted().automatic()).isTrue();
  }

  @Test
  @DisplayName(
      "postgres/S11: a failover that a person asked for is not pushed aside by the planner")
  void personFirst() {
    input = input.with(FailoverType.ACCEPT_LOSS, "true");
    knows(FailoverType.NAME, OperationState.RUNNING, 0);
    assertThat(new PostgresKind().plan(scene.spec, scene.state())).isEmpty();
    restart(Duration.ofSeconds(20), Duration.ZERO);
    assertThat(new PostgresKind().plan(scene.spec, scene.state())).isEmpty();
  }

  @Test
  @DisplayName("postgres/S23: a clock that stepped back holds nothing")
  void clockSteppedBack() {
    past(FailoverType.NAME, -3600);
    assertThat(wanted().automatic()).isTrue();
    restart(Duration.ZERO, Duration.ofSeconds(60));
    assertThat(wanted().automatic()).isTrue();
  }

  @Test
  @DisplayName("postgres/S1: a dead primary comes back in its place first, if that is wanted")
  void restartFirst() {
    assertThat(wanted().type()).isEqualTo(FailoverType.NAME);
    restart(Duration.ofSeconds(20), Duration.ZERO);
    assertThat(wanted().type()).isEqualTo(ColdStart.NAME);
    List<Step> steps = coldStart();
    assertThat(steps).extracting(Step::key).containsExactly(ColdStart.start(A).key());
    assertThat(steps.getFirst().deadline()).isEqualTo(Duration.ofSeconds(20));
    ended(steps.getFirst(), StepState.DONE, Details.NONE);
    scene.says(A, standby(3, 1008)).looks(1);
    assertThat(coldStart()).extracting(Step::key).containsExactly("cut-off a");
    told(A, 1008);
    assertThat(coldStart())
        .filteredOn(step -> step.act().equals(Acts.PROMOTE))
        .extracting(Step::member)
        .containsExactly(A);
  }

  @Test
  @DisplayName("postgres/S1: it does not come up in its place: another one is promoted")
  void restartFails() {
    restart(Duration.ofSeconds(20), Duration.ZERO);
    Step start = coldStart().getFirst();
    ended(start, StepState.FAILED, Details.NONE);
    ended(start, StepState.FAILED, Details.NONE);
    assertThat(coldStart()).extracting(Step::key).containsExactly("cut-off b", "cut-off c");
    told(B, 1000);
    told(C, 1000);
    assertThat(coldStart())
        .filteredOn(step -> step.act().equals(Acts.PROMOTE))
        .extracting(Step::member)
        .containsExactly(B);
  }

  @Test
  @DisplayName(
      "postgres/S1: while it starts in its place and does not answer yet, nobody pushes in")
  void restartUnderWay() {
    restart(Duration.ofSeconds(20), Duration.ZERO);
    knows(ColdStart.NAME, OperationState.RUNNING, 0);
    scene
        .says(
            A,
            new Observation.Refused<>(
                "the database system is starting up", Scene.host(Host.Process.RUNNING, "present")))
        .looks(20);
    assertThat(new PostgresKind().plan(scene.spec, scene.state()))
        .extracting(Wanted::type)
        .doesNotContain(FailoverType.NAME)
        .isNotEmpty();
  }

  @Test
  @DisplayName("postgres/S24: it came back in its place a moment ago: now another one is promoted")
  void restartOnce() {
    restart(Duration.ofSeconds(20), Duration.ZERO);
    past(ColdStart.NAME, 20);
    assertThat(wanted().type()).isEqualTo(FailoverType.NAME);
  }

  private List<Step> coldStart() {
    Continuation answer =
        new ColdStart()
            .steps(input, new Run(1, rows, Run.Occasion.DECISION), scene.spec, scene.state());
    assertThat(answer).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) answer).steps();
  }

  @Test
  @DisplayName("postgres/S29: a replica cannot be made to follow: the failover stands")
  void followFails() {
    told(B, 1000);
    told(C, 1000);
    for (Step step : steps()) {
      boolean follow = step.act().equals(Acts.FOLLOW);
      ended(step, follow ? StepState.FAILED : StepState.DONE, step.arguments());
      scene.ledger =
          follow ? scene.ledger : scene.ledger.changed(step.ledger(), Details.of("timeline", 4));
    }
    Continuation answer =
        new FailoverType()
            .steps(input, new Run(1, rows, Run.Occasion.FAILURE), scene.spec, scene.state());
    assertThat(answer).isEqualTo(Continuation.finished());
    assertThat(Ledger.of(scene.ledger).primary()).contains(B);
  }
}
