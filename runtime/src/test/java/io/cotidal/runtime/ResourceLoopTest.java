package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Absence;
import io.cotidal.engine.Command;
import io.cotidal.engine.Departed;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.engine.Reply;
import io.cotidal.engine.SourceHealth;
import io.cotidal.engine.State;
import io.cotidal.engine.Store;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ResourceLoopTest {
  private static final MemberId A = new MemberId("a");
  private static final Stamp STAMP = new Stamp(1, 7);
  private static final Step STEP = Step.act("wash", A, "Wash a.").within(Duration.ofSeconds(2));
  private static final Command COMMAND = new Command.Approve(new Actor("eve"), 7);

  private final ManualClock clock = new ManualClock();
  private final MemoryStore store = new MemoryStore();
  private final ScriptedDriver driver = new ScriptedDriver();
  private final ScriptedBrain brain = new ScriptedBrain();
  private volatile boolean valid = true;
  private final List<Set<MemberId>> departed = new CopyOnWriteArrayList<>();
  private final List<Long> updates = new CopyOnWriteArrayList<>();
  private final ResourceLoop.Listener listener =
      new ResourceLoop.Listener() {
        @Override
        public void updated(ResourceId id, long version) {
          updates.add(version);
        }

        @Override
        public void logged() {
          updates.add(-1L);
        }

        @Override
        public void departed(ResourceId id, State<?> state) {
          departed.add(state.departed().members().keySet());
        }
      };
  private final ResourceLoop<TestKind.Shore, String> loop =
      new ResourceLoop<>(
          ScriptedBrain.ID,
          brain,
          driver,
          new ResourceLoop.World(clock, store, listener, () -> valid));

  @AfterEach
  void stop() {
    loop.stop().join();
  }

  /** Lets the loop perform effects at its first tick, and start. */
  private void startWith(Effect... effects) {
    brain.script =
        (input, now) ->
            input instanceof Input.Tick && brain.inputs.size() == 1 ? List.of(effects) : List.of();
    loop.start();
  }

  private <T> T awaitOne(Class<T> type) {
    await().until(() -> !brain.all(type).isEmpty());
    return brain.all(type).getFirst();
  }

  private static Store.Batch batch(long epoch) {
    return new Store.Batch("b1", ScriptedBrain.ID, epoch, List.of(), false);
  }

  @Test
  void anActIsAnsweredOnceWithItsProgressBefore() {
    startWith(new Effect.Act(7, 3, STEP, STAMP));
    Input.StepResult<?, ?> result = awaitOne(Input.StepResult.class);
    assertThat(result.operation()).isEqualTo(7);
    assertThat(result.sequence()).isEqualTo(3);
    assertThat(result.outcome()).isEqualTo(new Outcome.Done(Details.NONE));
    assertThat(brain.all(Input.Progressed.class)).hasSize(1);
  }

  private static final SourceHealth HEARD =
      new SourceHealth(true, new Moment(0, 0), null, "", 0, 0);

  private static State<String> lacking(SourceHealth source, MemberId... gone) {
    TreeMap<MemberId, Absence> absent = new TreeMap<>();
    for (MemberId member : gone) {
      absent.put(member, new Absence(0, 0, true));
    }
    return new State<>(
        new Moment(0, 0),
        1,
        true,
        Details.NONE,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        Optional.empty(),
        source,
        new Departed(absent, 3, 0, ""));
  }

  @Test
  @DisplayName(
      "Whoever looks over all resources hears when members go and come back, and only then")
  void departures() {
    brain.state = lacking(SourceHealth.AWAITED);
    loop.start();
    loop.suspected("nothing is known yet");
    awaitOne(Input.Suspected.class);
    assertThat(departed).as("who is gone is not known before the source answers").isEmpty();
    brain.state = lacking(HEARD, A);
    loop.suspected("");
    await().until(() -> departed.equals(List.of(Set.of(A))));
    loop.heard(new SourceAnswer.Unavailable("no route"));
    assertThat(awaitOne(Input.SourceAnswered.class).answer())
        .isEqualTo(new SourceAnswer.Unavailable("no route"));
    brain.state = lacking(HEARD);
    loop.suspected("we see badly");
    await().until(() -> departed.equals(List.of(Set.of(A), Set.of())));
  }

  @Test
  @DisplayName(
      "postgres/S9: a process that slept past its lease hears so before it takes any input, and reads before it leads again")
  void sleptPastTheLease() {
    loop.start();
    loop.won();
    awaitOne(Input.LeaseWon.class);
    valid = false;
    int before = brain.inputs.size();
    loop.heard(new SourceAnswer.Unavailable("news of the past"));
    await().until(() -> brain.inputs.size() >= before + 2);
    assertThat(brain.inputs.get(before)).isInstanceOf(Input.LeaseLost.class);
    assertThat(brain.all(Input.LeaseWon.class)).hasSize(1);
    valid = true;
    loop.heard(new SourceAnswer.Unavailable("now"));
    await().until(() -> brain.all(Input.LeaseWon.class).size() == 2);
  }

  /** An act that waits for ever, or until it is interrupted. */
  private void actsFor(CountDownLatch end) {
    driver.act =
        step -> {
          try {
            end.await();
            return new Outcome.Done(Details.NONE);
          } catch (InterruptedException e) {
            return new Outcome.Unknown("interrupted");
          }
        };
    brain.script =
        (input, now) -> {
          boolean begins = input instanceof Input.Tick && brain.inputs.size() == 1;
          boolean ends = input instanceof Input.LeaseLost;
          return begins
              ? List.of(new Effect.Act(7, 3, STEP, STAMP))
              : ends ? List.of(new Effect.Abort(7, 3), new Effect.Abort(7, 4)) : List.of();
        };
    loop.start();
    await().until(() -> driver.acts.get() == 1 && !brain.all(Input.Progressed.class).isEmpty());
  }

  @Test
  @DisplayName("copies/A4: an act that may be interrupted is, when nobody wants it any more")
  void abortInterrupts() {
    driver.interruptible = true;
    actsFor(new CountDownLatch(1));
    loop.lost("the test aborts");
    assertThat(awaitOne(Input.StepResult.class).outcome())
        .isEqualTo(new Outcome.Unknown("interrupted"));
    assertThat(brain.all(Input.StepResult.class)).hasSize(1);
  }

  @Test
  @DisplayName("copies/B11: an act that may not be interrupted goes on to its end")
  void abortLeavesAlone() {
    CountDownLatch end = new CountDownLatch(1);
    actsFor(end);
    loop.lost("the test aborts");
    awaitOne(Input.LeaseLost.class);
    end.countDown();
    assertThat(awaitOne(Input.StepResult.class).outcome())
        .isEqualTo(new Outcome.Done(Details.NONE));
  }

  @Test
  void anActWithoutAnAnswerIsUnknownAtItsDeadlineAndItsLateAnswerIsDropped() {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    driver.act =
        step -> {
          driver.hang(end);
          over.countDown();
          return new Outcome.Done(Details.NONE);
        };
    startWith(new Effect.Act(7, 3, STEP, STAMP));
    await().until(() -> driver.acts.get() == 1);
    clock.advance(STEP.deadline());
    assertThat(brain.all(Input.StepResult.class)).isEmpty();
    clock.advance(Hands.GRACE);
    assertThat(awaitOne(Input.StepResult.class).outcome())
        .isEqualTo(new Outcome.Unknown("no answer within 2250 ms"));
    await().until(() -> driver.interrupts.get() == 1);
    end.countDown();
    await().until(() -> over.getCount() == 0);
    assertThat(brain.all(Input.StepResult.class)).hasSize(1);
  }

  @Test
  void anActThatThrowsIsUnknown() {
    driver.act =
        step -> {
          throw new IllegalStateException("half done");
        };
    startWith(new Effect.Act(7, 3, STEP, STAMP));
    assertThat(awaitOne(Input.StepResult.class).outcome())
        .isEqualTo(new Outcome.Unknown("IllegalStateException: half done"));
  }

  @Test
  void stampsAndInspectionsAreAnswered() {
    startWith(
        new Effect.StampMember(A, new Stamp(4, 0), Duration.ofSeconds(1)),
        new Effect.Inspect(7, 3, STEP, STAMP));
    assertThat(awaitOne(Input.Stamped.class).epoch()).isEqualTo(4);
    assertThat(awaitOne(Input.Inspected.class).sequence()).isEqualTo(3);
  }

  @Test
  void everyResultOfACommitComesBack() {
    startWith(new Effect.Commit(batch(0)));
    assertThat(awaitOne(Input.Committed.class).batch()).isEqualTo("b1");
  }

  @Test
  void anOlderEpochIsRefused() {
    startWith(new Effect.Commit(batch(5)));
    assertThat(awaitOne(Input.CommitRefused.class).batch()).isEqualTo("b1");
  }

  @Test
  void anUnknownCommitIsReadBackUntilTheStoreAnswers() {
    store.answer = batch -> Store.Result.UNKNOWN;
    store.broken = true;
    brain.script =
        (input, now) ->
            switch (input) {
              case Input.Tick<TestKind.Shore, String> tick -> List.of(new Effect.Commit(batch(0)));
              case Input.CommitUnknown<TestKind.Shore, String> unknown ->
                  List.of(new Effect.ReadBack(unknown.batch()));
              default -> List.of();
            };
    loop.start();
    awaitOne(Input.CommitUnknown.class);
    await().until(() -> loop.problems().stream().anyMatch(it -> it.contains("cannot be read")));
    assertThat(brain.all(Input.Committed.class)).isEmpty();
    store.broken = false;
    await()
        .until(() -> {
          clock.advance(Duration.ofMillis(200));
          return brain.all(Input.Committed.class).size() == 1;
        });
    assertThat(loop.problems()).isEmpty();
  }

  @Test
  void aHeartbeatIsSkippedWhileOneIsUnderWay() {
    CountDownLatch end = new CountDownLatch(1);
    driver.heartbeat = () -> driver.hang(end);
    brain.script = (input, now) -> List.of(new Effect.Heartbeat(A, STAMP, Duration.ofMillis(500)));
    loop.start();
    await().until(() -> driver.heartbeats.get() == 1);
    loop.lost("turn once more");
    awaitOne(Input.LeaseLost.class);
    assertThat(driver.heartbeats.get()).isEqualTo(1);
    end.countDown();
    await()
        .until(() -> {
          loop.lost("and once more");
          return driver.heartbeats.get() >= 2;
        });
  }

  @Test
  void wakesWhenTheEngineSaysSo() {
    startWith(
        new Effect.Wake(clock.now().nanos() + 100), new Effect.Wake(clock.now().nanos() + 1000));
    await().until(() -> brain.all(Input.Tick.class).size() == 1);
    await()
        .untilAsserted(() -> {
          clock.advance(Duration.ofNanos(999));
          assertThat(brain.all(Input.Tick.class)).hasSize(2);
        });
    clock.advance(Duration.ofSeconds(1));
    loop.lost("a last input");
    awaitOne(Input.LeaseLost.class);
    assertThat(brain.all(Input.Tick.class)).hasSize(2);
  }

  @Test
  void whoeverHasAReplySeesWhatItSays() {
    brain.script =
        (input, now) -> {
          if (input instanceof Input.Commanded<TestKind.Shore, String> asked) {
            brain.guarantee = "none is lost";
            return List.of(new Effect.Answer(asked.id(), new Reply.Invalid("no such member")));
          }
          return List.of();
        };
    loop.start();
    Reply reply = loop.command(COMMAND).join();
    assertThat(reply).isEqualTo(new Reply.Invalid("no such member"));
    assertThat(loop.view().guarantee()).isEqualTo("none is lost");
    assertThat(updates).containsExactly(1L);
  }

  @Test
  void quickChangesAreShownTogetherAndNoChangeNotAtAll() {
    loop.start();
    await().until(() -> brain.inputs.size() == 1);
    for (int i = 0; i < 100; i++) {
      brain.guarantee = "g" + i;
      loop.lost("input " + i);
    }
    await().until(() -> brain.inputs.size() == 101);
    clock.advance(Duration.ofMillis(50));
    await().until(() -> loop.view().guarantee().equals("g99"));
    assertThat(updates).containsExactly(1L);
    clock.advance(Duration.ofSeconds(1));
    loop.lost("nothing changes");
    await().until(() -> brain.inputs.size() == 102);
    assertThat(updates).containsExactly(1L);
  }

  @Test
  void aFaultOfTheEngineStopsActingAndAnswersThatItDid() {
    brain.script =
        (input, now) -> {
          if (input instanceof Input.Commanded) {
            throw new IllegalStateException("no such row");
          }
          return List.of(new Effect.Observe(A, Duration.ofMillis(200), Duration.ofMillis(500)));
        };
    loop.start();
    awaitOne(Input.Observed.class);
    assertThat(loop.command(COMMAND).join()).isInstanceOf(Reply.NotLeading.class);
    assertThat(loop.problems()).singleElement().asString().contains("no such row");
    assertThat(loop.command(COMMAND).join()).isInstanceOf(Reply.NotLeading.class);
    int inputs = brain.inputs.size();
    int looks = driver.looksAt("a");
    clock.advance(Duration.ofSeconds(5));
    assertThat(brain.inputs).hasSize(inputs);
    assertThat(driver.looksAt("a")).isLessThanOrEqualTo(looks + 1);
  }

  @Test
  void aViewThatCannotBeMadeStopsNoAct() {
    loop.start();
    await().until(() -> brain.inputs.size() == 1);
    brain.viewBroken = true;
    clock.advance(Duration.ofSeconds(1));
    loop.lost("show");
    await().until(() -> !loop.problems().isEmpty());
    brain.script =
        (input, now) ->
            input instanceof Input.LeaseLost
                ? List.of(new Effect.Act(7, 3, STEP, STAMP))
                : List.of();
    loop.lost("act");
    awaitOne(Input.StepResult.class);
    brain.viewBroken = false;
    clock.advance(Duration.ofSeconds(1));
    await().until(() -> loop.problems().isEmpty());
  }

  @Test
  void aDrainWaitsForTheActUnderWayAndItsCommitAndBeginsNoOther() {
    CountDownLatch end = new CountDownLatch(1);
    driver.act =
        step -> {
          driver.hang(end);
          return new Outcome.Done(Details.NONE);
        };
    brain.script =
        (input, now) ->
            switch (input) {
              case Input.Tick<TestKind.Shore, String> tick ->
                  List.of(new Effect.Act(7, 3, STEP, STAMP));
              case Input.StepResult<TestKind.Shore, String> result ->
                  List.of(new Effect.Commit(batch(0)));
              case Input.Committed<TestKind.Shore, String> committed ->
                  List.of(new Effect.Act(7, 4, STEP, STAMP));
              default -> List.of();
            };
    loop.start();
    await().until(() -> driver.acts.get() == 1);
    CompletableFuture<Void> drained = loop.drain();
    loop.lost("an input behind the drain");
    awaitOne(Input.LeaseLost.class);
    assertThat(drained).isNotDone();
    end.countDown();
    drained.join();
    assertThat(brain.all(Input.Committed.class)).hasSize(1);
    assertThat(driver.acts.get()).isEqualTo(1);
  }

  @Test
  void whoeverWaitsWhenItStopsIsTold() {
    loop.start();
    CompletableFuture<Reply> before = loop.command(COMMAND);
    loop.stop().join();
    CompletableFuture<Reply> after = loop.command(COMMAND);
    assertThat(before).isCompletedExceptionally();
    assertThat(after).isCompletedExceptionally();
  }
}
