package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.B;
import static io.cotidal.engine.ScriptedKind.want;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Moment;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import io.cotidal.model.StepState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Items, time as a reason to plan, acts that nobody waits for any more. */
@Timeout(10)
class ItemsTest {
  private static final Details DRAFT = Details.of("wood", "oak").with("plan", "p1");
  private static final Step RESERVE =
      Step.decision("reserve", "reserve x", Details.NONE)
          .changing(new ItemChange.Put("boat", "x", "ann", "creating", DRAFT, 77));
  private static final Step BUILD =
      Step.act("build", A, "build x")
          .after(RESERVE)
          .changing(
              new ItemChange.Put(
                  "boat",
                  "x",
                  "ann",
                  "ready",
                  Details.of("port", "@port").with("plan", "").with("none", "@none"),
                  ItemChange.Put.SAME_EXPIRY));
  private static final Step SINK =
      Step.act("sink", A, "sink x").changing(new ItemChange.Drop("boat", "x"));

  private final Rig rig = new Rig();

  private Item boat() {
    Item item = rig.engine.state().item("boat", "x");
    assertThat(item).isEqualTo(rig.store.items().get("boat/x"));
    if (item == null) {
      throw new AssertionError("no boat");
    }
    return item;
  }

  @Test
  @DisplayName("copies/B5: an item changes in the batch in which its step is done, and not before")
  void withTheStep() {
    rig.kind.type("launch", RESERVE, BUILD);
    rig.lead().begin("launch");
    assertThat(rig.engine.state().items()).as("nothing is durable yet").isEmpty();
    List<Effect> after = rig.commit();
    assertThat(boat().is("creating")).isTrue();
    assertThat(Rig.of(Effect.Act.class, after)).as("in one batch with the act's intent").hasSize(1);
  }

  @Test
  @DisplayName("An item keeps its first time, its expiry and its facts, but for those that change")
  void facts() {
    rig.kind.type("launch", RESERVE, BUILD);
    rig.lead().begin("launch");
    rig.drive();
    Item creating = boat();
    assertThat(creating.is("creating")).isTrue();
    assertThat(creating.expiresMicros()).isEqualTo(77);
    rig.pass(500).ends("build a", new Outcome.Done(Details.of("port", "9")));
    assertThat(boat())
        .isEqualTo(
            new Item(
                "boat",
                "x",
                "ann",
                "ready",
                Details.of("wood", "oak").with("port", "9"),
                creating.createdMicros(),
                77));
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("A step that fails changes no item; one that drops an item leaves none")
  void failureAndDrop() {
    rig.kind.type(
        "launch",
        (input, run, state) ->
            run.failures(BUILD.key()) > 0
                ? new Continuation.GiveUp("it leaks")
                : ScriptedKind.remaining(run, RESERVE, BUILD));
    rig.kind.type("scrap", SINK);
    rig.lead().begin("launch");
    rig.drive().ends("build a", new Outcome.Failed("it leaks"));
    assertThat(boat().is("creating")).isTrue();
    rig.begin("scrap");
    rig.drive().done("sink a");
    assertThat(rig.engine.state().items()).isEmpty();
    assertThat(rig.store.items()).isEmpty();
    rig.begin("scrap");
    rig.drive().done("sink a");
    assertThat(rig.operation(3).state()).as("twice is no error").isEqualTo(OperationState.DONE);
  }

  @Test
  @DisplayName("A new owner knows the items before it does anything")
  void loaded() {
    rig.kind.type("launch", RESERVE, BUILD);
    rig.lead().begin("launch");
    rig.drive();
    Rig next = rig.successor();
    rig.store.items().values().forEach(item -> next.store.write(new Row.PutItem(item)));
    next.lead();
    assertThat(next.engine.state().items()).isEqualTo(rig.store.items());
    assertThat(next.engine.state().items("boat")).hasSize(1);
    assertThat(next.engine.state().items("boa")).isEmpty();
  }

  private long aborts() {
    return rig.told(Effect.Abort.class).count();
  }

  @Test
  @DisplayName("copies/A4: cancelled, the act under way is told that nobody wants it any more")
  void abortedByCancel() {
    rig.kind.type("build", Step.act("build", A, "build"));
    rig.lead().begin("build");
    rig.drive();
    assertThat(aborts()).isZero();
    rig.command(new Command.Cancel(Rig.ANN, 1));
    assertThat(aborts()).as("not before the wish is durable").isZero();
    rig.drive();
    assertThat(rig.told(Effect.Abort.class)).containsExactly(new Effect.Abort(1, 1));
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.RUNNING);
    rig.ends("build a", new Outcome.Failed("interrupted"));
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.CANCELLED);
  }

  @Test
  @DisplayName("copies/B11: pushed aside, an operation ends and its act is told")
  void abortedByPreemption() {
    rig.kind.type("build", Step.act("build", A, "build"));
    ScriptedKind.Type scrap = rig.kind.type("scrap", Step.act("sink", B, "sink"));
    scrap.preempts = true;
    rig.lead().begin("build");
    rig.drive().begin("scrap");
    rig.drive();
    assertThat(rig.told(Effect.Abort.class)).containsExactly(new Effect.Abort(1, 1));
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.CANCELLED);
    assertThat(rig.operation(1).steps().getFirst().state()).isEqualTo(StepState.ABANDONED);
    assertThat(rig.acts()).containsExactly("build a", "sink b");
  }

  @Test
  @DisplayName("Past its type's deadline an operation is ended, and its act is told")
  void abortedByDeadline() {
    rig.kind.type("build", Step.act("build", A, "build")).deadline = Duration.ofSeconds(2);
    rig.lead().begin("build");
    rig.drive().pass(1_500);
    assertThat(aborts()).isZero();
    rig.pass(1_000);
    assertThat(rig.told(Effect.Abort.class)).containsExactly(new Effect.Abort(1, 1));
  }

  @Test
  @DisplayName("copies/B10: when time alone makes something wanted, the engine wakes and plans")
  void due() {
    rig.kind.type("scrap", SINK);
    rig.kind.due = rig.micros + 5_030_000;
    rig.lead().pass(1_000);
    int plans = rig.kind.plans;
    rig.pass(3_000);
    assertThat(rig.kind.plans).as("nothing new, nothing planned").isEqualTo(plans);
    rig.kind.wanted.add(want("scrap"));
    rig.pass(1_000);
    assertThat(rig.acts()).as("before it is due").isEmpty();
    List<Effect> last = rig.on(new Input.Tick<>());
    Effect.Wake wake = Rig.of(Effect.Wake.class, last).getLast();
    assertThat(wake.nanos() - rig.nanos).isEqualTo(30 * Moment.MILLI);
    rig.kind.due = Long.MAX_VALUE;
    rig.nanos += 30 * Moment.MILLI;
    rig.micros += 30_000;
    rig.on(new Input.Tick<>());
    rig.drive();
    assertThat(rig.acts()).containsExactly("sink a");
  }

  @Test
  @DisplayName("Where plans rest on items, an act holds planning back no longer than it lasts")
  void noLookAwaited() {
    rig.kind.awaits = false;
    rig.kind.type("build", Step.act("build", A, "build"));
    rig.kind.type("scrap", SINK);
    rig.lead().begin("build");
    rig.drive();
    rig.kind.wanted.add(want("scrap"));
    rig.nanos += Moment.MILLI;
    rig.done("build a");
    assertThat(rig.acts()).containsExactly("build a", "sink a");
  }

  @Test
  @DisplayName("Elsewhere nothing is planned between an act and the look after it")
  void lookAwaited() {
    rig.kind.type("build", Step.act("build", A, "build"));
    rig.kind.type("scrap", SINK);
    rig.lead().begin("build");
    rig.drive();
    rig.kind.wanted.add(want("scrap"));
    rig.nanos += Moment.MILLI;
    Effect.Act act = rig.act("build a");
    rig.on(new Input.StepResult<>(act.operation(), act.sequence(), new Outcome.Done(Details.NONE)));
    rig.commit();
    assertThat(rig.acts()).containsExactly("build a");
    rig.drive();
    assertThat(rig.acts()).containsExactly("build a", "sink a");
  }

  @Test
  @DisplayName("copies/B4: what is declined says why, and changes nothing")
  void declined() {
    rig.kind.type("build", Step.act("build", A, "build"));
    rig.lead();
    String asked =
        rig.command(new Command.Begin(Rig.ANN, "build", Details.of("full", "yes"), null, false));
    rig.drive();
    assertThat(rig.reply(asked))
        .isEqualTo(new Reply.Declined(Declined.Why.NO_ROOM, "build: no room"));
    assertThat(rig.engine.state().operations()).isEmpty();
  }
}
