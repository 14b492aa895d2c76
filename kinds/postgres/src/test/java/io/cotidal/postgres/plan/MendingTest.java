package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.primary;
import static io.cotidal.postgres.plan.Scene.replica;
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
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Level;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.members.Rejoin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a replica that does not follow")
class MendingTest {
  private static final String SYNC = "ANY 1 (\"b\",\"c\")";
  private static final PostgresKind KIND = new PostgresKind();

  /** Neither replica streams, each has been told to follow so often, in vain. */
  private static Scene unheard(PgFacts b, int times, String... streaming) {
    Scene scene = new Scene().says(A, primary(3, 1000, SYNC, streaming)).says(B, b);
    boolean streams = List.of(streaming).contains("c");
    scene.says(C, streams ? replica(3, 1000, A, 10) : standby(3, 900)).looks(1);
    for (int i = 0; i < times; i++) {
      scene.knows(followed(2 * i + 1, B)).knows(followed(2 * i + 2, C));
    }
    return scene;
  }

  private static List<String> wanted(Scene scene) {
    return KIND.plan(scene.spec, scene.state()).stream()
        .filter(want -> want.input().has(Inputs.MEMBER))
        .map(want -> want.type() + " " + want.input().need(Inputs.MEMBER))
        .toList();
  }

  private static Operation followed(long number, MemberId member) {
    return new Operation(
        new OperationId(new Scene().spec.id(), number),
        Types.FOLLOW,
        1,
        Details.of(Inputs.MEMBER, member).with(Inputs.PRIMARY, A),
        Risk.SAFE,
        OperationState.FAILED,
        "",
        "",
        "key",
        "basis",
        Actor.COTIDAL,
        null,
        null,
        false,
        List.of(),
        0,
        0,
        0,
        1_000_000,
        new ArrayList<>());
  }

  @Test
  @DisplayName("While none streams that could, the way is cut: none is stopped, however long it is")
  void cut() {
    assertThat(wanted(unheard(standby(3, 900), 1))).containsExactly("follow b", "follow c");
    assertThat(wanted(unheard(standby(3, 900), 20))).containsExactly("follow b", "follow c");
    PgFacts onTheTimelineBefore = standby(2, 400);
    assertThat(wanted(unheard(onTheTimelineBefore, 20))).containsExactly("follow b", "follow c");
  }

  @Test
  @DisplayName("While another one streams, it is given more time, and then made anew")
  void alone() {
    assertThat(wanted(unheard(standby(3, 900), 2, "c"))).containsExactly("follow b");
    assertThat(wanted(unheard(standby(3, 900), 6, "c"))).containsExactly("rejoin b");
  }

  @Test
  @DisplayName("What has parted from the primary is turned back soon")
  void parted() {
    PgFacts ahead = standby(3, 1100);
    PgFacts pastTheFork = standby(2, 600);
    for (PgFacts b : List.of(ahead, pastTheFork)) {
      assertThat(wanted(unheard(b, 1))).as("%s", b).containsExactly("follow b", "follow c");
      assertThat(wanted(unheard(b, 2))).as("%s", b).containsExactly("rejoin b", "follow c");
    }
  }

  @Test
  @DisplayName("Whose log the primary has removed is copied soon")
  void forgotten() {
    assertThat(wanted(kept("lost", 0))).containsExactly("rejoin b", "follow c");
    assertThat(wanted(kept("reserved", 950))).containsExactly("rejoin b", "follow c");
    assertThat(wanted(kept("reserved", 900))).containsExactly("follow b", "follow c");
  }

  private static Scene kept(String status, long restart) {
    Scene scene = unheard(standby(3, 900), 2);
    LogKeeping.Slot slot = new LogKeeping.Slot("b", false, restart, 0, status, Level.WELL);
    LogKeeping.Archiver off =
        new LogKeeping.Archiver(
            "off", "", "", "", false, "", "", 0, LogKeeping.Trouble.NONE, Level.WELL);
    PgFacts said = primary(3, 1000, SYNC);
    return scene
        .says(A, said.keeping(new LogKeeping(List.of(slot), -1, 16L << 20, 0, off, true)))
        .looks(1);
  }

  @Test
  @DisplayName("On the primary's own timeline nothing is rewound: it is copied")
  void nothingToRewind() {
    assertThat(ways("3")).contains("clone b", "start b").doesNotContain("rewind b");
    assertThat(ways("2")).contains("rewind b", "start b").doesNotContain("clone b");
  }

  private static List<String> ways(String timeline) {
    Details disk =
        Details.of(Acts.DATA, "present")
            .with(Acts.CAN_REWIND, "true")
            .with(Acts.TIMELINE, timeline);
    Host host = new Host(Host.Process.GONE, Stamp.NONE, disk);
    Scene scene =
        new Scene().says(B, new Observation.Refused<>("connection refused", host)).looks(3);
    Details input = Details.of(Inputs.MEMBER, B).with(Inputs.PRIMARY, A);
    List<StepRecord> rows = new ArrayList<>();
    while (true) {
      Run run = new Run(1, rows, Run.Occasion.DECISION);
      Continuation rest = new Rejoin().steps(input, run, scene.spec, scene.state());
      List<Step> steps = ((Continuation.Rest) rest).steps();
      boolean prepares = List.of(Acts.FENCE, Acts.KEEP_TAIL).contains(steps.getFirst().act());
      if (!prepares) {
        return steps.stream().map(Step::key).toList();
      }
      rows.add(
          StepRecord.planned(rows.size() + 1, steps.getFirst(), 1)
              .intended(1, scene.state().now())
              .ended(StepState.DONE, Details.NONE, "", scene.state().now()));
      scene.looks(1);
    }
  }

  @Test
  @DisplayName("Whoever may be on a twin of the primary's timeline is copied at once")
  void twin() {
    Scene scene = unheard(standby(3, 900), 0).ledger(Ledger.doubt(B, Ledger.Doubt.DIVERGED));
    assertThat(wanted(scene)).contains("rejoin b");
  }
}
