package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Inspection;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Severity;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CommitTest {
  private final Rig rig = new Rig();

  @BeforeEach
  void polish() {
    Step wash = Step.act("wash", A, "wash a");
    rig.kind.type("polish", wash, Step.act("dry", A, "dry a").after(wash));
    rig.lead();
    rig.told.clear();
  }

  @Test
  @DisplayName("Nothing is told outside before the batch is durable: no act, no event, no reply")
  void actOnlyAfterCommitted() {
    String command = rig.begin("polish");
    assertThat(rig.told)
        .noneMatch(effect ->
            effect instanceof Effect.Act
                || effect instanceof Effect.Publish
                || effect instanceof Effect.Answer);
    assertThat(rig.engine.state().operations()).as("memory does not run ahead").isEmpty();
    rig.on(new Input.Tick<>());
    rig.on(new Input.Committed<>("another batch"));
    assertThat(rig.acts()).isEmpty();
    List<Effect> after = rig.commit();
    assertThat(Rig.of(Effect.Act.class, after)).hasSize(1);
    assertThat(Rig.of(Effect.Publish.class, after)).isNotEmpty();
    assertThat(rig.accepted(command).state()).isEqualTo(OperationState.RUNNING);
    Effect.Act act = rig.act("wash a");
    assertThat(act.stamp().epoch()).isEqualTo(1);
    assertThat(act.stamp().number()).isEqualTo(act.operation());
    assertThat(rig.store.operations().getFirst().steps().getFirst().state())
        .isEqualTo(StepState.INTENDED);
  }

  @Test
  @DisplayName("A step's end and the intents that it makes ready share one batch")
  void doneAndNextIntentTogether() {
    rig.begin("polish");
    rig.drive();
    Effect.Act wash = rig.act("wash a");
    rig.on(
        new Input.StepResult<>(wash.operation(), wash.sequence(), new Outcome.Done(Details.NONE)));
    List<Row> rows = rig.take().batch().rows();
    assertThat(rows.stream().filter(Row.PutStep.class::isInstance).map(Row.PutStep.class::cast))
        .extracting(row -> row.step().key() + " " + row.step().state())
        .containsExactly("wash a DONE", "dry a INTENDED");
    assertThat(rig.acts()).containsExactly("wash a");
  }

  @Test
  @DisplayName("A later act of the same operation carries a later stamp")
  void stampsRise() {
    rig.begin("polish");
    rig.drive().done("wash a");
    Stamp first = rig.act("wash a").stamp();
    assertThat(rig.act("dry a").stamp()).isGreaterThan(first);
  }

  @Test
  @DisplayName("At most one batch is on its way; what arrives meanwhile waits")
  void oneBatchAtATime() {
    rig.begin("polish");
    String second = rig.begin("polish");
    assertThat(rig.told(Effect.Commit.class)).hasSize(1);
    rig.drive();
    assertThat(rig.reply(second)).isInstanceOf(Reply.Conflict.class);
  }

  @Test
  @DisplayName("A batch that was not written: commands hear it, memory and members are untouched")
  void commitFailed() {
    String command = rig.begin("polish");
    rig.on(new Input.CommitFailed<>(rig.take().batch().id()));
    assertThat(rig.reply(command)).isInstanceOf(Reply.StoreFailed.class);
    assertThat(rig.engine.state().operations()).isEmpty();
    assertThat(rig.acts()).isEmpty();
    assertThat(rig.engine.state().leading()).isTrue();
  }

  @Test
  @DisplayName("A result that could not be written is found out anew by inspection, not redone")
  void failedThenInspects() {
    rig.begin("polish");
    rig.drive();
    Effect.Act wash = rig.act("wash a");
    rig.on(
        new Input.StepResult<>(wash.operation(), wash.sequence(), new Outcome.Done(Details.NONE)));
    rig.on(new Input.CommitFailed<>(rig.take().batch().id()));
    rig.on(new Input.Tick<>());
    assertThat(rig.pending).as("the store has a pause").isNull();
    rig.pass(1_000);
    assertThat(rig.inspections()).containsExactly("wash a");
    assertThat(rig.acts()).as("wash is not done again").containsExactly("wash a");
    assertThat(rig.inspection("wash a").stamp()).isGreaterThan(wash.stamp());
    rig.inspected("wash a", new Inspection.Applied(Details.NONE)).done("dry a");
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
    assertThat(rig.acts()).containsExactly("wash a", "dry a");
  }

  @Test
  @DisplayName("The late answer of an act whose row was abandoned finds nobody")
  void lateAnswer() {
    rig.begin("polish");
    rig.drive();
    Effect.Act wash = rig.act("wash a");
    rig.on(
        new Input.StepResult<>(
            wash.operation(), wash.sequence(), new Outcome.Failed("first answer")));
    rig.on(new Input.CommitFailed<>(rig.take().batch().id()));
    rig.pass(1_000);
    rig.on(
        new Input.StepResult<>(wash.operation(), wash.sequence(), new Outcome.Done(Details.NONE)));
    rig.drive();
    assertThat(rig.acts()).as("dry waits for the inspection").containsExactly("wash a");
  }

  @Test
  @DisplayName("Nobody knows whether a batch was written: it is read back first")
  void commitUnknown() {
    String command = rig.begin("polish");
    Effect.Commit commit = rig.take();
    List<Effect> after = rig.on(new Input.CommitUnknown<>(commit.batch().id()));
    assertThat(Rig.of(Effect.ReadBack.class, after))
        .containsExactly(new Effect.ReadBack(commit.batch().id()));
    rig.on(new Input.Tick<>());
    assertThat(rig.acts()).isEmpty();
    assertThat(rig.reply(command)).isNull();
    rig.store.write(commit.batch());
    rig.on(new Input.Committed<>(commit.batch().id()));
    assertThat(rig.acts()).containsExactly("wash a");
    assertThat(rig.accepted(command).number()).isEqualTo(1);
  }

  @Test
  @DisplayName("Batches have names of their own, also after the epoch was raised again")
  void batchNames() {
    rig.begin("polish");
    rig.drive().done("wash a").done("dry a");
    Rig next = rig.successor().lead();
    List<String> ours = rig.told(Effect.Commit.class).map(c -> c.batch().id()).toList();
    List<String> theirs = next.told(Effect.Commit.class).map(c -> c.batch().id()).toList();
    assertThat(ours).doesNotHaveDuplicates().doesNotContainAnyElementsOf(theirs);
    assertThat(theirs).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("An event whose batch was not written is written later, once")
  void eventsAreNotLost() {
    rig.kind.verdict = new ScriptedKind.Verdict("ill", Severity.WARNING);
    rig.says(A, "ill");
    rig.look(A);
    rig.on(new Input.CommitFailed<>(rig.take().batch().id()));
    rig.pass(2_000);
    assertThat(rig.store.events()).extracting(Event::code).containsOnlyOnce("ill");
    assertThat(rig.told(Effect.Publish.class).map(published -> published.event().code()))
        .containsOnlyOnce("ill");
  }
}
