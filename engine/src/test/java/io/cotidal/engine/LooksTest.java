package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.B;
import static io.cotidal.engine.ScriptedKind.C;
import static io.cotidal.engine.ScriptedKind.want;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Severity;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LooksTest {
  private static final Step WASH = Step.act("wash", A, "wash a");

  private final Rig rig = new Rig();

  @Test
  @DisplayName("A failure makes everybody be looked at faster, at once")
  void cadence() {
    rig.lead();
    rig.told.clear();
    rig.silence(A);
    rig.look(A);
    assertThat(rig.told(Effect.Observe.class))
        .extracting(Effect.Observe::member)
        .containsExactly(A, B, C);
    assertThat(rig.told(Effect.Observe.class))
        .allSatisfy(look -> assertThat(look.period()).isLessThan(Duration.ofMillis(200)));
  }

  @Test
  @DisplayName("Failures in a row count; one answer, or one that cannot tell, ends the row")
  void streaks() {
    rig.lead();
    rig.silence(A);
    rig.pass(300);
    assertThat(rig.engine.state().members().get(A).streak()).isGreaterThanOrEqualTo(3);
    assertThat(rig.engine.state().members().get(A).known()).isEqualTo("well");
    rig.looks.put(A, new Observation.CannotTell<>("wrong password", Rig.host(Stamp.NONE)));
    rig.pass(100);
    assertThat(rig.engine.state().members().get(A).streak()).isZero();
  }

  @Test
  @DisplayName("After a pause of this process the failures counted before say nothing")
  void pauseForgives() {
    rig.lead();
    rig.silence(A);
    rig.pass(300);
    rig.nanos += 30_000 * Moment.MILLI;
    rig.micros += 30_000_000;
    rig.on(new Input.Tick<>());
    assertThat(rig.engine.state().members().get(A).streak()).isZero();
    assertThat(rig.engine.state().members().get(A).failingFor(rig.nanos)).isZero();
  }

  @Test
  @DisplayName("A look that began before the one that is known is no news")
  void olderLook() {
    rig.lead();
    rig.on(
        new Input.Observed<>(
            A, new Observation.Seen<>("ill", Rig.host(Stamp.NONE)), rig.nanos - 1));
    assertThat(rig.engine.state().members().get(A).facts()).isEqualTo("well");
  }

  @Test
  @DisplayName("What an operation waits to see is looked at at once, and not again and again")
  void awaited() {
    rig.kind.type(
        "polish",
        (input, run, state) ->
            "dry".equals(state.members().get(B).facts())
                ? Continuation.finished()
                : new Continuation.Wait("a look at b", List.of(B)));
    rig.lead();
    rig.told.clear();
    rig.begin("polish");
    rig.drive();
    assertThat(rig.told(Effect.Observe.class))
        .extracting(Effect.Observe::member)
        .containsExactly(B);
    rig.says(B, "dry");
    rig.look(B);
    rig.drive();
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("A look that began before an act ended leads to no plan")
  void staleLook() {
    rig.kind.type("polish", WASH);
    rig.kind.verdict = new ScriptedKind.Verdict("ill", Severity.WARNING);
    rig.lead().begin("polish");
    rig.drive();
    rig.kind.wanted.add(want("polish"));
    rig.nanos += 10 * Moment.MILLI;
    long begun = rig.nanos;
    rig.nanos += 10 * Moment.MILLI;
    Effect.Act act = rig.act("wash a");
    rig.looks.remove(A);
    rig.on(new Input.StepResult<>(act.operation(), act.sequence(), new Outcome.Done(Details.NONE)));
    assertThat(Rig.of(Effect.Observe.class, rig.told).getLast().member())
        .as("it is looked at again at once")
        .isEqualTo(A);
    rig.drive();
    rig.on(new Input.Observed<>(A, new Observation.Seen<>("well", Rig.host(Stamp.NONE)), begun));
    rig.drive();
    rig.on(new Input.Tick<>());
    rig.drive();
    assertThat(rig.acts()).hasSize(1);
    rig.says(A, "well");
    rig.look(A);
    rig.drive();
    assertThat(rig.acts()).hasSize(2);
  }

  @Test
  @DisplayName("A source that cannot answer changes nothing; one that answers changes the members")
  void source() {
    rig.lead();
    rig.on(new Input.SourceAnswered<>(new SourceAnswer.Unavailable("no route")));
    assertThat(rig.engine.state().members().keySet()).containsExactly(A, B, C);
    MemberId d = new MemberId("d");
    List<Effect> after =
        rig.on(new Input.SourceAnswered<>(SourceAnswer.Members.named(List.of(A, B, d))));
    assertThat(Rig.of(Effect.StopObserving.class, after))
        .containsExactly(new Effect.StopObserving(C));
    assertThat(Rig.of(Effect.Observe.class, after)).extracting(Effect.Observe::member).contains(d);
  }

  @Test
  @DisplayName("What it remembers is what the rows that were committed add up to")
  void memoryIsTheRows() {
    rig.kind.type("polish", WASH.writing(Details.of("clean", "a")), Step.act("dry", B, "dry b"));
    rig.lead().begin("polish");
    rig.drive().done("wash a").ends("dry b", new Outcome.Failed("rain"));
    rig.pass(1_000);
    assertThat(rig.engine.state().operations().values())
        .containsExactlyElementsOf(rig.store.operations());
    assertThat(rig.engine.state().ledger()).isEqualTo(rig.store.ledger());
    assertThat(rig.engine.state().epoch()).isEqualTo(rig.store.epoch());
  }
}
