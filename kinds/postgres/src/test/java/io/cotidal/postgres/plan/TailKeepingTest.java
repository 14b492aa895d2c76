package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.C;
import static io.cotidal.postgres.plan.Scene.gone;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Remarks;
import io.cotidal.engine.Run;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.losses.Loss;
import io.cotidal.postgres.losses.LossFacts;
import io.cotidal.postgres.losses.LossList;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.succession.FailoverType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TailKeepingTest {
  private static final PostgresKind KIND = new PostgresKind();
  private static final Details INPUT = Details.of(Inputs.MEMBER, C).with(Inputs.PRIMARY, A);

  private final Scene scene = new Scene();
  private final List<StepRecord> rows = new ArrayList<>();

  @BeforeEach
  void fenced() {
    scene.ledger(Ledger.doubt(C, Ledger.Doubt.FORMER)).says(C, gone("present")).looks(3);
    ends(steps().getFirst(), StepState.DONE, Details.NONE, "");
  }

  private List<Step> steps() {
    Continuation rest =
        new Rejoin()
            .steps(INPUT, new Run(7, rows, Run.Occasion.DECISION), scene.spec, scene.state());
    assertThat(rest).isInstanceOf(Continuation.Rest.class);
    return ((Continuation.Rest) rest).steps();
  }

  private void ends(Step step, StepState end, Details evidence, String problem) {
    Moment now = scene.state().now();
    StepRecord row = StepRecord.planned(rows.size() + 1, step, 1).intended(1, now);
    rows.add(row.ended(end, evidence, problem, now));
    if (end == StepState.DONE) {
      scene.ledger = scene.ledger.changed(step.ledger(), evidence);
    }
  }

  private List<Loss> losses() {
    return LossList.of(scene.ledger).losses();
  }

  private static LossFacts.Origin origin(String member) {
    return new LossFacts.Origin(
        "20260101T000000Z-7", member, "a", 3, "2026-01-01T00:00:00Z", false);
  }

  @Test
  @DisplayName(
      "postgres/S16: what a former primary alone has is kept before its log is overwritten")
  void before() {
    List<Step> first = steps();
    assertThat(first).extracting(Step::act).containsExactly(Acts.KEEP_TAIL);
    ends(first.getFirst(), StepState.DONE, LossFacts.nothing(origin("c")), "");
    assertThat(losses())
        .extracting(Loss::sentence)
        .containsExactly("c's log ends where a's begins: nothing is lost");
    assertThat(steps()).extracting(Step::act).contains(Acts.CLONE).doesNotContain(Acts.KEEP_TAIL);
  }

  @Test
  @DisplayName("What cannot be kept keeps nobody from coming back, and is not called nothing")
  void goesOn() {
    ends(steps().getFirst(), StepState.FAILED, Details.NONE, "the disk cannot be read");
    Step note = steps().getFirst();
    assertThat(note.sentence()).contains("is unknown: the disk cannot be read");
    ends(note, StepState.DONE, note.arguments(), "");
    assertThat(losses()).hasSize(1);
    assertThat(losses().getFirst().nothing()).isFalse();
    assertThat(losses().getFirst().sentence())
        .isEqualTo(
            "what c had that a has not could not be counted, because the disk cannot be read");
    assertThat(steps()).extracting(Step::act).contains(Acts.CLONE).doesNotContain(Acts.KEEP_TAIL);
  }

  @Test
  @DisplayName("A second attempt uses the folder of the first")
  void sameFolder() {
    Step first = steps().getFirst();
    rows.add(StepRecord.planned(2, first, 1).intended(1, scene.state().now()));
    scene.looks(5);
    assertThat(steps().getFirst().arguments()).isEqualTo(first.arguments());
  }

  @Test
  @DisplayName("A former primary whose data is gone has lost what nobody knows, told once")
  void dataIsGone() {
    scene.says(C, gone("absent")).looks(3);
    Step note = steps().getFirst();
    assertThat(note.isDecision()).isTrue();
    ends(note, StepState.DONE, note.arguments(), "");
    assertThat(losses().getFirst().problem()).hasValue("its data is absent");
    rows.subList(1, rows.size()).clear();
    assertThat(steps()).extracting(Step::key).doesNotContain("note what is not known");
  }

  @Test
  @DisplayName("A replica that has no data has lost nothing of its own")
  void replicaWithoutData() {
    scene.ledger(Ledger.trust(List.of(C)));
    scene.ledger = scene.ledger.without("doubt.c");
    scene.says(C, gone("absent")).looks(3);
    assertThat(steps()).extracting(Step::key).doesNotContain("note what is not known");
  }

  @Test
  @DisplayName("Each find is an event once; one of before this daemon led is none")
  void events() {
    find(5);
    Remarks first = KIND.remark(scene.spec, scene.state(), Details.NONE);
    assertThat(first.said()).isEmpty();
    find(7);
    Remarks second = KIND.remark(scene.spec, scene.state(), first.memory());
    assertThat(second.said()).extracting(Remarks.Remark::code).containsExactly("nothing-lost");
    assertThat(KIND.remark(scene.spec, scene.state(), second.memory()).said()).isEmpty();
  }

  private void find(long operation) {
    scene.ledger =
        scene.ledger.changed(
            LossList.entries(operation, scene.ledger), LossFacts.nothing(origin("c" + operation)));
  }

  @Test
  @DisplayName("The newest twenty are remembered, and told the newest first")
  void bounded() {
    for (long operation = 1; operation <= 30; operation++) {
      find(operation);
    }
    assertThat(losses()).extracting(Loss::operation).startsWith(11L).endsWith(30L).hasSize(20);
    Report report = new Readings(scene.spec, scene.state()).answer("losses", Details.NONE);
    assertThat(report.lines()).hasSize(20);
    assertThat(report.lines().getFirst().sentence()).startsWith("c30's log");
    assertThat(Ledger.of(scene.ledger).primary()).hasValue(A);
  }

  @Test
  @DisplayName("That nobody was told is claimed only if the promotion itself shows a quorum")
  void waited() {
    assertThat(steps().getFirst().arguments().need(Acts.WAITED)).isEqualTo("false");
    scene.knows(promotion(3, 0));
    assertThat(steps().getFirst().arguments().need(Acts.WAITED)).isEqualTo("false");
    scene.knows(promotion(2, 1));
    assertThat(steps().getFirst().arguments().need(Acts.WAITED)).as("of before").isEqualTo("false");
    scene.knows(promotion(3, 1));
    assertThat(steps().getFirst().arguments().need(Acts.WAITED)).isEqualTo("true");
  }

  private Operation promotion(long timeline, int k) {
    Moment now = scene.state().now();
    Step promote = Step.act(Acts.PROMOTE, A, "promote a").with(Acts.QUORUM, "b").with(Acts.K, k);
    StepRecord row =
        StepRecord.planned(1, promote, 1)
            .intended(1, now)
            .ended(StepState.DONE, Details.of(Acts.TIMELINE, timeline), "", now);
    return new Operation(
        new OperationId(new ResourceId("postgres", "orders"), timeline * 10 + k),
        FailoverType.NAME,
        1,
        Details.NONE,
        Risk.IRREVERSIBLE,
        OperationState.DONE,
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
        now.micros(),
        List.of(row));
  }
}
