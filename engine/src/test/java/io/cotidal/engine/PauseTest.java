package io.cotidal.engine;

import static io.cotidal.engine.ScriptedKind.A;
import static io.cotidal.engine.ScriptedKind.want;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Event;
import io.cotidal.model.Mode;
import io.cotidal.model.OperationState;
import io.cotidal.model.Pause;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PauseTest {
  private static final Step WASH = Step.act("wash", A, "wash a");
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final Rig rig = restless(Mode.MANAGE);

  /** Something is odd, so that plans are drawn at every tick. */
  private static Rig restless(Mode mode) {
    Rig rig = new Rig(mode);
    rig.kind.verdict = new ScriptedKind.Verdict("odd", Severity.WARNING);
    return rig;
  }

  private String pause(Duration life) {
    String id = rig.command(new Command.Pause(Rig.ANN, life, "new disks"));
    rig.drive();
    assertThat(rig.reply(id)).isInstanceOf(Reply.Noted.class);
    return id;
  }

  private List<String> codes() {
    return rig.store.events().stream().map(Event::code).toList();
  }

  @Test
  @DisplayName("While it is paused what is wanted is proposed and not begun; resumed, it begins")
  void waits() {
    rig.kind.type("polish", WASH);
    rig.lead();
    pause(Duration.ZERO);
    rig.kind.wanted.add(want("polish"));
    rig.pass(5_000);
    assertThat(rig.acts()).isEmpty();
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.PROPOSED);
    assertThat(rig.engine.view().pause())
        .isEqualTo(
            new Pause(
                rig.engine.state().pause().orElseThrow().sinceMicros(), 0, Rig.ANN, "new disks"));
    String resumed = rig.command(new Command.Unpause(Rig.ANN));
    rig.drive();
    assertThat(rig.reply(resumed)).isInstanceOf(Reply.Noted.class);
    rig.pass(300);
    assertThat(rig.acts()).containsExactly("wash a");
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.RUNNING);
    assertThat(codes()).contains("paused", "resumed");
    assertThat(rig.engine.view().pause()).isNull();
  }

  @Test
  @DisplayName("It ends by itself when its time has passed, and says so")
  void endsByItself() {
    rig.kind.type("polish", WASH);
    rig.lead();
    pause(TWO_SECONDS);
    rig.kind.wanted.add(want("polish"));
    rig.pass(1_800);
    assertThat(rig.acts()).isEmpty();
    rig.pass(500);
    assertThat(rig.acts()).containsExactly("wash a");
    assertThat(codes()).contains("pause-over");
    assertThat(rig.store.snapshot().pause()).isEmpty();
  }

  @Test
  @DisplayName("It wakes by itself at its end, not at the next tick after it")
  void wakes() {
    rig.lead();
    String id = rig.command(new Command.Pause(Rig.ANN, Duration.ofMillis(30), ""));
    rig.drive();
    assertThat(rig.reply(id)).isInstanceOf(Reply.Noted.class);
    List<Effect> effects = rig.on(new Input.Tick<>());
    assertThat(Rig.of(Effect.Wake.class, effects).getLast().nanos())
        .isLessThanOrEqualTo(rig.nanos + 30_000_000);
  }

  @Test
  @DisplayName("What was begun goes on to its end, and what people ask for is done")
  void goesOn() {
    rig.kind.type("polish", WASH, Step.act("dry", A, "dry a"));
    rig.kind.type("paint", Step.act("paint", A, "paint a"));
    rig.lead();
    rig.begin("polish");
    rig.drive();
    pause(Duration.ZERO);
    rig.done("wash a").pass(200);
    assertThat(rig.acts()).containsExactly("wash a", "dry a");
    rig.done("dry a").pass(200);
    assertThat(rig.operation(1).state()).isEqualTo(OperationState.DONE);
    String asked = rig.begin("paint");
    rig.drive();
    assertThat(rig.accepted(asked).number()).isEqualTo(2);
    assertThat(rig.acts()).contains("paint a");
  }

  @Test
  @DisplayName("A person may let run what is proposed meanwhile")
  void approved() {
    rig.kind.type("polish", WASH);
    rig.lead();
    pause(Duration.ZERO);
    rig.kind.wanted.add(want("polish"));
    rig.pass(300);
    rig.command(new Command.Approve(Rig.ANN, 1));
    rig.drive();
    assertThat(rig.acts()).containsExactly("wash a");
  }

  @Test
  @DisplayName("It outlives the daemon; the next one lets it end when the first would have")
  void outlives() {
    rig.kind.type("polish", WASH);
    rig.lead();
    pause(Duration.ofSeconds(10));
    rig.pass(1_000);
    Rig next = rig.successor();
    next.kind.wanted.add(want("polish"));
    next.store.write(new Row.PutPause(rig.store.snapshot().pause()));
    next.lead().pass(5_000);
    assertThat(next.acts()).isEmpty();
    next.pass(4_000);
    assertThat(next.acts()).containsExactly("wash a");
  }

  @Test
  @DisplayName("postgres/S23: a clock that jumps ends no pause early, nor keeps one for long")
  void clocks() {
    rig.kind.type("polish", WASH);
    rig.lead();
    pause(TWO_SECONDS);
    rig.kind.wanted.add(want("polish"));
    rig.micros += 3_600_000_000L;
    rig.pass(1_000);
    assertThat(rig.acts()).isEmpty();
    rig.micros -= 7_200_000_000L;
    rig.pass(1_500);
    assertThat(rig.acts()).containsExactly("wash a");
  }

  @Test
  @DisplayName(
      "A successor whose clock is an hour behind waits no longer than the pause was meant to last")
  void successorBehind() {
    rig.kind.type("polish", WASH);
    rig.lead();
    pause(TWO_SECONDS);
    Rig next = rig.successor();
    next.kind.wanted.add(want("polish"));
    next.store.write(new Row.PutPause(rig.store.snapshot().pause()));
    next.micros -= 3_600_000_000L;
    next.lead().pass(2_500);
    assertThat(next.acts()).containsExactly("wash a");
  }

  @Test
  @DisplayName("Who does not lead neither ends nor begins a pause, and does not spin at its end")
  void follower() {
    rig.lead();
    pause(TWO_SECONDS);
    rig.on(new Input.LeaseLost<>("another leads"));
    long before = rig.nanos;
    rig.pass(5_000);
    assertThat(rig.engine.state().pause()).isPresent();
    List<Effect> effects = rig.on(new Input.Tick<>());
    assertThat(Rig.of(Effect.Wake.class, effects).getLast().nanos()).isGreaterThan(rig.nanos);
    assertThat(rig.nanos).isGreaterThan(before);
    String id = rig.command(new Command.Unpause(Rig.ANN));
    assertThat(rig.reply(id)).isInstanceOf(Reply.NotLeading.class);
  }

  @Test
  @DisplayName("Resuming what is not paused is told so; pausing anew replaces the first")
  void twice() {
    rig.lead();
    String id = rig.command(new Command.Unpause(Rig.ANN));
    rig.drive();
    assertThat(rig.reply(id)).isInstanceOf(Reply.Invalid.class);
    pause(TWO_SECONDS);
    pause(Duration.ZERO);
    rig.pass(3_000);
    assertThat(rig.engine.state().pause().orElseThrow().untilMicros()).isZero();
  }

  @Test
  @DisplayName("Mode propose: a pause changes nothing, for nothing is done by itself")
  void propose() {
    Rig proposing = restless(Mode.PROPOSE);
    proposing.kind.type("polish", WASH);
    proposing.lead();
    proposing.command(new Command.Pause(Rig.ANN, Duration.ZERO, ""));
    proposing.drive();
    proposing.kind.wanted.add(want("polish"));
    proposing.pass(300);
    assertThat(proposing.operation(1).state()).isEqualTo(OperationState.PROPOSED);
  }
}
