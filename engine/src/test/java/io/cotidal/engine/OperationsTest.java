package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.B;
import static io.cotidal.engine.ScriptedKind.C;
import static io.cotidal.engine.ScriptedKind.remaining;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Lock;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepState;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OperationsTest {
  private static final Step WASH = Step.act("wash", A, "wash a");
  private static final Outcome LOST = new Outcome.Unknown("the answer was lost");
  private static final Inspection BLIND = new Inspection.Unknown("no answer");

  private final Rig rig = new Rig();

  private Rig run(Step... steps) {
    rig.kind.type("polish", steps);
    rig.lead().begin("polish");
    return rig.drive();
  }

  private OperationState state() {
    return rig.operation(1).state();
  }

  @Test
  @DisplayName("Steps begin when all that they need is done, side by side where they may")
  void parallelByNeeds() {
    Step b = Step.act("wash", B, "wash b");
    Step both = Step.act("dry", C, "dry c").after(Set.of(WASH.key(), b.key()));
    run(both, WASH, b);
    assertThat(rig.acts()).containsExactly("wash a", "wash b");
    rig.done("wash b");
    assertThat(rig.acts()).hasSize(2);
    rig.done("wash a");
    assertThat(rig.acts()).containsExactly("wash a", "wash b", "dry c");
    rig.done("dry c");
    assertThat(state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("Steps that need what no step does are left to a person, not waited for in silence")
  void needOfNobody() {
    run(WASH.after(Set.of("iron a")));
    assertThat(state()).isEqualTo(OperationState.ATTENTION);
    assertThat(rig.acts()).isEmpty();
  }

  @Test
  @DisplayName(
      "After a decision point the rest is asked for, with its evidence; a plan is replaced")
  void decisionPoint() {
    Step look = Step.act("look", A, "look at a").thenDecide();
    Step guess = Step.act("guess", B, "what was foreseen").after(look);
    rig.kind.type(
        "polish",
        (input, run, state) -> {
          if (run.isDone("look a")) {
            String where = run.evidence("look a").need("where");
            return run.rows().stream().anyMatch(row -> row.key().startsWith("go"))
                ? Continuation.finished()
                : Continuation.rest(List.of(Step.act("go", C, "go " + where).named("go " + where)));
          }
          return Continuation.rest(List.of(look, guess.after(Set.of("never"))));
        });
    rig.lead().begin("polish");
    rig.drive().ends("look a", new Outcome.Done(Details.of("where", "west")));
    assertThat(rig.acts()).containsExactly("look a", "go west");
    assertThat(rig.kind.types.get("polish").lastOccasion()).isEqualTo(Run.Occasion.DECISION);
    assertThat(rig.operation(1).steps()).extracting(row -> row.key()).doesNotContain("guess b");
    rig.done("go west");
    assertThat(state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("Parallel decision points: asked once all of them are done")
  void parallelDecisionPoints() {
    Step a = WASH.thenDecide();
    Step b = Step.act("wash", B, "wash b").thenDecide();
    run(a, b);
    rig.done("wash a");
    assertThat(rig.kind.types.get("polish").asked).hasSize(1);
    rig.done("wash b");
    assertThat(rig.kind.types.get("polish").lastOccasion()).isEqualTo(Run.Occasion.DECISION);
    assertThat(state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("A failed step: the rest is asked for when nothing is under way any more")
  void failureAsksAgain() {
    Step b = Step.act("wash", B, "wash b");
    Step c = Step.act("wash", C, "wash c").after(b);
    rig.kind.type(
        "polish",
        (input, run, state) ->
            run.failures("wash a") > 0
                ? new Continuation.GiveUp("a cannot be washed: " + run.problem("wash a"))
                : remaining(run, WASH, b, c));
    rig.lead().begin("polish");
    rig.drive().ends("wash a", new Outcome.Failed("no water"));
    assertThat(state()).as("b is under way").isEqualTo(OperationState.RUNNING);
    rig.done("wash b");
    assertThat(rig.acts()).as("c is not begun any more").containsExactly("wash a", "wash b");
    assertThat(state()).isEqualTo(OperationState.FAILED);
    assertThat(rig.operation(1).note()).contains("no water");
    assertThat(rig.kind.types.get("polish").lastOccasion()).isEqualTo(Run.Occasion.FAILURE);
  }

  @Test
  @DisplayName("A retry waits a moment and inspects first; not applied: it acts")
  void retryNotApplied() {
    run(WASH).ends("wash a", new Outcome.Failed("no water"));
    assertThat(rig.inspections()).as("not at once").isEmpty();
    rig.pass(1_000);
    assertThat(rig.inspections()).containsExactly("wash a");
    assertThat(rig.acts()).hasSize(1);
    rig.inspected("wash a", new Inspection.NotApplied("dirty"));
    assertThat(rig.acts()).hasSize(2);
    assertThat(rig.act("wash a").stamp()).isGreaterThan(rig.inspection("wash a").stamp());
    rig.done("wash a");
    assertThat(state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName(
      "A retry whose effect is there already: done, with the evidence, without a second act")
  void retryApplied() {
    Step wash = WASH.writing(Details.of("clean", "@member"));
    run(wash).ends("wash a", new Outcome.Failed("no water"));
    rig.pass(1_000).inspected("wash a", new Inspection.Applied(Details.of("member", "a")));
    assertThat(state()).isEqualTo(OperationState.DONE);
    assertThat(rig.acts()).hasSize(1);
    assertThat(rig.engine.state().ledger()).isEqualTo(Details.of("clean", "a"));
    assertThat(rig.store.ledger()).isEqualTo(Details.of("clean", "a"));
  }

  @Test
  @DisplayName("An act that could not tell why it came to nothing, and did not: both are said")
  void notAppliedAndWhy() {
    run(WASH).ends("wash a", new Outcome.Unknown("the tap is of an unknown make"));
    rig.inspected("wash a", new Inspection.NotApplied("dirty"));
    assertThat(rig.operation(1).steps().getFirst().problem())
        .isEqualTo("not applied: dirty (the act: the tap is of an unknown make)");
  }

  @Test
  @DisplayName("An act without an answer is inspected, never redone blindly")
  void unknownOutcome() {
    run(WASH).ends("wash a", LOST);
    assertThat(rig.inspections()).containsExactly("wash a");
    rig.inspected("wash a", new Inspection.Applied(Details.NONE));
    assertThat(state()).isEqualTo(OperationState.DONE);
    assertThat(rig.acts()).hasSize(1);
  }

  @Test
  @DisplayName("Cannot tell, declared Fail: the step counts as failed at once")
  void cannotTellFail() {
    run(WASH).ends("wash a", LOST).inspected("wash a", BLIND);
    assertThat(rig.operation(1).steps().getFirst().state()).isEqualTo(StepState.FAILED);
    assertThat(rig.kind.types.get("polish").lastOccasion()).isEqualTo(Run.Occasion.FAILURE);
  }

  @Test
  @DisplayName("Cannot tell, declared Attention: a person must look")
  void cannotTellAttention() {
    run(WASH.whenUnknown(new WhenUnknown.Attention()));
    rig.ends("wash a", LOST).inspected("wash a", BLIND);
    assertThat(state()).isEqualTo(OperationState.ATTENTION);
    assertThat(rig.acts()).hasSize(1);
  }

  @Test
  @DisplayName("Cannot tell, declared RetryFor: inspected until its time is over, then failed")
  void cannotTellRetry() {
    run(WASH.whenUnknown(new WhenUnknown.RetryFor(Duration.ofSeconds(2))));
    rig.ends("wash a", LOST).inspected("wash a", BLIND);
    assertThat(rig.inspections()).as("a moment later").hasSize(1);
    rig.pass(300);
    assertThat(rig.inspections()).hasSize(2);
    assertThat(state()).isEqualTo(OperationState.RUNNING);
    rig.pass(2_000).inspected("wash a", BLIND);
    assertThat(rig.operation(1).steps().getFirst().state()).isEqualTo(StepState.FAILED);
    assertThat(rig.acts()).hasSize(1);
  }

  @Test
  @DisplayName("postgres/S8: a new owner abandons the intents and inspects before it acts")
  void takeOver() {
    Step b = Step.act("wash", B, "wash b");
    run(WASH, b, Step.act("dry", B, "dry b").after(b)).done("wash b");
    Rig next = rig.successor().lead();
    ScriptedKind.Type type = next.kind.types.get("polish");
    assertThat(type.lastOccasion()).isEqualTo(Run.Occasion.TAKE_OVER);
    assertThat(type.asked.getLast().rows())
        .extracting(row -> row.key() + " " + row.state())
        .containsExactly("wash a INTENDED", "wash b DONE", "dry b INTENDED");
    assertThat(next.acts()).isEmpty();
    assertThat(next.inspections()).containsExactly("wash a", "dry b");
    assertThat(next.inspection("wash a").stamp().epoch()).isEqualTo(2);
    next.inspected("wash a", new Inspection.Applied(Details.NONE));
    next.inspected("dry b", new Inspection.NotApplied("wet")).done("dry b");
    assertThat(next.acts()).containsExactly("dry b");
    assertThat(next.operation(1).state()).isEqualTo(OperationState.DONE);
    assertThat(next.operation(1).steps())
        .filteredOn(row -> row.state() == StepState.ABANDONED)
        .extracting(row -> row.key())
        .containsExactly("wash a", "dry b");
  }

  @Test
  @DisplayName("An operation of a version that this Cotidal does not know is left to a person")
  void unknownVersion() {
    run(WASH);
    Rig next = rig.successor();
    next.kind.types.get("polish").version = 2;
    next.lead();
    assertThat(next.operation(1).state()).isEqualTo(OperationState.ATTENTION);
    assertThat(next.inspections()).isEmpty();
    assertThat(next.acts()).isEmpty();
  }

  @Test
  @DisplayName(
      "An operation of a type that is no more: attention, and a resume is refused in words")
  void unknownType() {
    run(WASH);
    Rig next = rig.successor();
    next.kind.types.clear();
    next.lead();
    assertThat(next.operation(1).state()).isEqualTo(OperationState.ATTENTION);
    String resume = next.command(new Command.Resume(Rig.ANN, 1));
    next.drive();
    assertThat(next.reply(resume)).isInstanceOf(Reply.Invalid.class);
    String resolve = next.command(new Command.Resolve(Rig.ANN, 1, false, "not needed"));
    next.drive();
    assertThat(next.accepted(resolve).state()).isEqualTo(OperationState.FAILED);
  }

  @Test
  @DisplayName("Stuck: only the damaged part stays locked; the rest goes on; resume asks again")
  void stuckKeepsDamagedLocks() {
    rig.kind.type(
        "polish",
        (input, run, state) ->
            run.occasion() == Run.Occasion.AGAIN
                ? remaining(run, WASH)
                : new Continuation.Stuck("a is broken", List.of(Lock.member(A))));
    rig.kind.type("paint", Step.act("paint", B, "paint b")).locks = List.of(Lock.member(B));
    rig.kind.type("tear", Step.act("tear", A, "tear a")).locks = List.of(Lock.member(A));
    rig.lead().begin("polish");
    rig.drive();
    assertThat(state()).isEqualTo(OperationState.ATTENTION);
    assertThat(rig.operation(1).locks()).containsExactly(Lock.member(A));
    String paint = rig.begin("paint");
    rig.drive();
    String tear = rig.begin("tear");
    rig.drive();
    assertThat(rig.accepted(paint).state()).isEqualTo(OperationState.RUNNING);
    assertThat(rig.reply(tear)).isInstanceOf(Reply.Conflict.class);
    String early = rig.command(new Command.Resume(Rig.ANN, 1));
    rig.drive();
    assertThat(rig.reply(early))
        .as("it wants the whole resource")
        .isInstanceOf(Reply.Conflict.class);
    rig.done("paint b");
    rig.command(new Command.Resume(Rig.ANN, 1));
    rig.drive();
    assertThat(rig.acts()).contains("wash a");
    assertThat(rig.operation(1).locks()).containsExactly(Lock.resource());
  }

  @Test
  @DisplayName("It waits, names what for, and is asked again when something changes")
  void waits() {
    rig.kind.type(
        "polish",
        (input, run, state) ->
            "dry".equals(state.members().get(A).facts())
                ? remaining(run, WASH)
                : new Continuation.Wait("a must be dry"));
    rig.lead().begin("polish");
    rig.drive();
    assertThat(state()).isEqualTo(OperationState.WAITING);
    assertThat(rig.operation(1).note()).isEqualTo("a must be dry");
    int rows = rig.store.events().size();
    rig.pass(1_000);
    assertThat(rig.store.events()).as("waiting writes nothing").hasSize(rows);
    rig.says(A, "dry");
    rig.pass(200);
    assertThat(rig.acts()).containsExactly("wash a");
    assertThat(rig.kind.types.get("polish").asked.stream().map(Run::occasion))
        .contains(Run.Occasion.AGAIN);
  }

  @Test
  @DisplayName("Cancel before the point of no return: acts under way end, then it puts things back")
  void cancel() {
    Step back = Step.act("dirty", A, "make a dirty again");
    rig.kind.type(
        "polish",
        (input, run, state) ->
            run.occasion() == Run.Occasion.CANCEL
                ? Continuation.rest(List.of(back))
                : remaining(run, WASH, Step.act("dry", A, "dry a").after(WASH)));
    rig.lead().begin("polish");
    rig.drive();
    rig.command(new Command.Cancel(Rig.ANN, 1));
    rig.drive();
    assertThat(state().ended()).as("wash is under way").isFalse();
    rig.done("wash a");
    assertThat(rig.acts()).containsExactly("wash a", "dirty a");
    rig.done("dirty a");
    assertThat(state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  @DisplayName("A new owner goes on putting back what a cancelled operation had begun")
  void takeOverOfCancelling() {
    Step back = Step.act("dirty", A, "make a dirty again");
    rig.kind.type(
        "polish",
        (input, run, state) ->
            run.occasion() == Run.Occasion.CANCEL
                ? Continuation.rest(run.isDone("dirty a") ? List.of() : List.of(back))
                : remaining(run, WASH));
    rig.lead().begin("polish");
    rig.drive();
    rig.command(new Command.Cancel(Rig.ANN, 1));
    rig.drive().done("wash a");
    assertThat(rig.acts()).containsExactly("wash a", "dirty a");
    Rig next = rig.successor().lead();
    assertThat(next.inspections()).containsExactly("dirty a");
    next.inspected("dirty a", new Inspection.NotApplied("clean"));
    assertThat(next.acts()).containsExactly("dirty a");
    next.done("dirty a");
    assertThat(next.operation(1).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  @DisplayName("A new owner that must wait can still be told to cancel")
  void cancelOfTakenOverWaiting() {
    run(WASH);
    Rig next = rig.successor();
    next.kind.type(
        "polish",
        (input, run, state) ->
            run.occasion() == Run.Occasion.CANCEL
                ? Continuation.finished()
                : new Continuation.Wait("rain"));
    next.lead();
    assertThat(next.operation(1).state()).isEqualTo(OperationState.WAITING);
    next.command(new Command.Cancel(Rig.ANN, 1));
    next.drive();
    assertThat(next.operation(1).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  @DisplayName("Past the point of no return a cancel is refused, and the operation ends by itself")
  void cancelPastNoReturn() {
    run(WASH.noReturn());
    String cancel = rig.command(new Command.Cancel(Rig.ANN, 1));
    rig.drive();
    assertThat(rig.reply(cancel)).isInstanceOf(Reply.Invalid.class);
    rig.done("wash a");
    assertThat(state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("Past its deadline: cancelled, or left to a person past the point of no return")
  void deadline() {
    rig.kind.type("polish", WASH).deadline = Duration.ofSeconds(3);
    rig.lead().begin("polish");
    rig.drive().pass(3_200).done("wash a");
    assertThat(state()).isEqualTo(OperationState.CANCELLED);
    Rig second = new Rig();
    second.kind.type("polish", WASH.noReturn()).deadline = Duration.ofSeconds(3);
    second.lead().begin("polish");
    second.drive().pass(3_200);
    assertThat(second.operation(1).state()).isEqualTo(OperationState.ATTENTION);
  }

  @Test
  @DisplayName("postgres/S23: a wall clock that steps back expires nothing early")
  void clockStepsBack() {
    rig.kind.type("polish", WASH).deadline = Duration.ofHours(2);
    rig.kind.verdict = new ScriptedKind.Verdict("ill", Severity.WARNING);
    rig.lead().begin("polish");
    rig.drive();
    rig.micros -= 3_600_000_000L;
    rig.pass(1_000);
    assertThat(state()).isEqualTo(OperationState.RUNNING);
    rig.done("wash a");
    assertThat(state()).isEqualTo(OperationState.DONE);
  }
}
