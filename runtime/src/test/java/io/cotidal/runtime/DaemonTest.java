package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.Store;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.StepState;
import io.cotidal.runtime.ControlPlane.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Daemons with the real engine, on real time. */
@Timeout(40)
final class DaemonTest {
  private static final ResourceId ID = new ResourceId("test", "one");
  private static final Duration TICK = Duration.ofMillis(50);

  private final SystemClock clock = new SystemClock();
  private final MemoryStore store = new MemoryStore();
  private final ScriptedDriver driver = new ScriptedDriver();
  private final HandElection election = new HandElection();
  private final List<Daemon> daemons = new ArrayList<>();

  /** An election that a test decides. */
  private static final class HandElection implements Election {
    private volatile Candidate candidate;
    private volatile boolean held;

    void win() {
      held = true;
      candidate.won();
    }

    void lose(String reason) {
      held = false;
      candidate.lost(reason);
    }

    @Override
    public void start(Candidate who) {
      candidate = who;
    }

    @Override
    public boolean held() {
      return held;
    }

    @Override
    public String reason() {
      return held ? "" : "the test has not decided";
    }

    @Override
    public void close() {
      held = false;
    }
  }

  private Daemon daemon() {
    Daemon daemon =
        new Daemon(
            new Daemon.Ground(clock, store, election),
            List.of(TestKind.POLISH),
            List.of(new Managed<>(new TestKind(), TestKind.Shore.of("one", TICK), driver)));
    daemons.add(daemon);
    return daemon;
  }

  private Daemon leader() {
    Daemon daemon = daemon();
    daemon.start();
    election.win();
    await().until(() -> daemon.resource(ID).orElseThrow().leading());
    return daemon;
  }

  @AfterEach
  void end() {
    daemons.forEach(Daemon::close);
    clock.close();
  }

  private static Command polish() {
    return new Command.Begin(new Actor("eve"), "polish", Details.of("member", "b"), null, false);
  }

  private static Operation accepted(CompletableFuture<Reply> reply) {
    assertThat(reply.join()).isInstanceOf(Reply.Accepted.class);
    return ((Reply.Accepted) reply.join()).operation();
  }

  private static OperationState state(Daemon daemon, OperationId id) {
    return daemon.operation(id).orElseThrow().state();
  }

  @Test
  void anOperationGoesFromCommandToDoneAndEverybodyHearsOfIt() {
    Daemon daemon = leader();
    List<Change> heard = new CopyOnWriteArrayList<>();
    daemon.subscribe(heard::add);
    OperationId id = accepted(daemon.command(ID, polish())).id();
    assertThat(daemon.resource(ID).orElseThrow().operations())
        .extracting(Operation::id)
        .contains(id);
    await().until(() -> state(daemon, id) == OperationState.DONE);
    assertThat(driver.acts.get()).isEqualTo(2);
    assertThat(daemon.operations(ID, 10)).extracting(Operation::id).contains(id);
    List<Store.LoggedEvent> logged = daemon.events(ID, 0, 100);
    await()
        .untilAsserted(() ->
            assertThat(heard)
                .contains(new Change.Logged(logged.getLast()))
                .anyMatch(Change.Updated.class::isInstance));
    assertThat(daemon.health().problems()).isEmpty();
    assertThat(daemon.health().live()).isTrue();
    assertThat(daemon.health().ready()).isTrue();
  }

  @Test
  void withoutTheLeaseItLooksAndShowsAndRefuses() {
    Daemon daemon = daemon();
    daemon.start();
    await().until(() -> driver.looksAt("a") > 2 && driver.looksAt("c") > 2);
    assertThat(daemon.command(ID, polish()).join()).isInstanceOf(Reply.NotLeading.class);
    assertThat(daemon.resource(ID).orElseThrow().members())
        .allMatch(member -> member.status().equals("up"));
    assertThat(daemon.health().live()).isTrue();
    assertThat(daemon.health().ready()).isFalse();
    assertThat(daemon.health().problems()).containsExactly("not leading: the test has not decided");
    assertThat(driver.acts.get()).isZero();
  }

  @Test
  void whatAnotherDaemonLogsIsHeardToo() {
    Daemon daemon = daemon();
    daemon.start();
    List<Change> heard = new CopyOnWriteArrayList<>();
    daemon.subscribe(heard::add);
    HandElection others = new HandElection();
    Daemon other =
        new Daemon(
            new Daemon.Ground(clock, store, others),
            List.of(),
            List.of(
                new Managed<>(
                    new TestKind(), TestKind.Shore.of("one", TICK), new ScriptedDriver())));
    daemons.add(other);
    other.start();
    others.win();
    await().until(() -> heard.stream().anyMatch(Change.Logged.class::isInstance));
  }

  @Test
  void whoDoesNotLeadShowsWhatTheOneThatDoesHasWritten() {
    Daemon daemon = daemon();
    daemon.start();
    HandElection others = new HandElection();
    Daemon other =
        new Daemon(
            new Daemon.Ground(clock, store, others),
            List.of(TestKind.POLISH),
            List.of(
                new Managed<>(
                    new TestKind(), TestKind.Shore.of("one", TICK), new ScriptedDriver())));
    daemons.add(other);
    other.start();
    others.win();
    await().until(() -> other.resource(ID).orElseThrow().leading());
    OperationId id = accepted(other.command(ID, polish())).id();
    await()
        .untilAsserted(() ->
            assertThat(daemon.resource(ID).orElseThrow().operations())
                .filteredOn(each -> each.id().equals(id))
                .extracting(Operation::state)
                .containsExactly(OperationState.DONE));
    assertThat(daemon.resource(ID).orElseThrow().leading()).isFalse();
    assertThat(daemon.command(ID, polish()).join())
        .isEqualTo(new Reply.NotLeading("the test has not decided"));
    assertThat(driver.acts.get()).isZero();
  }

  private Managed<?, ?> other(ScriptedDriver its) {
    return new Managed<>(new TestKind(), TestKind.Shore.of("one", TICK), its);
  }

  @Test
  void aResourceRunsAnewUnderANewEpochWithoutTheDaemonBeingStarted() {
    Daemon daemon = leader();
    OperationId before = accepted(daemon.command(ID, polish())).id();
    await().until(() -> state(daemon, before) == OperationState.DONE);
    long epoch = daemon.resource(ID).orElseThrow().epoch();
    ScriptedDriver next = new ScriptedDriver();
    assertThat(daemon.replace(ID, other(next))).isTrue();
    assertThat(driver.closed).isTrue();
    await().until(() -> daemon.resource(ID).orElseThrow().leading());
    assertThat(daemon.resource(ID).orElseThrow().epoch()).isGreaterThan(epoch);
    int acts = driver.acts.get();
    OperationId after = accepted(daemon.command(ID, polish())).id();
    await().until(() -> state(daemon, after) == OperationState.DONE);
    assertThat(next.acts.get()).isEqualTo(2);
    assertThat(driver.acts.get()).isEqualTo(acts);
  }

  @Test
  void anActUnderWayKeepsTheOldOneAndIsFinishedByIt() {
    Daemon daemon = leader();
    CountDownLatch on = new CountDownLatch(1);
    driver.act =
        step -> {
          driver.hang(on);
          return new Outcome.Done(Details.NONE);
        };
    OperationId id = accepted(daemon.command(ID, polish())).id();
    await().until(() -> driver.acts.get() > 0);
    ScriptedDriver next = new ScriptedDriver();
    assertThat(daemon.replace(ID, other(next))).isFalse();
    assertThat(daemon.release(ID)).isFalse();
    assertThat(driver.closed).isFalse();
    driver.act = step -> new Outcome.Done(Details.NONE);
    on.countDown();
    await().until(() -> state(daemon, id) == OperationState.DONE);
    assertThat(next.acts.get()).isZero();
    assertThat(daemon.resource(ID).orElseThrow().leading()).isTrue();
  }

  @Test
  void aReleasedResourceIsThereNoMoreAndItsMembersAreLeftAlone() {
    Daemon daemon = leader();
    List<Change> heard = new CopyOnWriteArrayList<>();
    daemon.subscribe(heard::add);
    assertThat(daemon.release(ID)).isTrue();
    assertThat(daemon.resource(ID)).isEmpty();
    assertThat(driver.closed).isTrue();
    assertThat(driver.acts.get()).isZero();
    assertThat(daemon.command(ID, polish()).join()).isInstanceOf(Reply.NotFound.class);
    assertThat(daemon.health().problems()).isEmpty();
    await().until(() -> heard.contains(new Change.Resync()));
    assertThatThrownBy(() -> daemon.release(ID)).hasMessageContaining("test/one");
  }

  @Test
  void whatTheAccordObjectsToIsWatchedAndLeftAloneUntilItDoesNoMore() {
    AtomicBoolean objects = new AtomicBoolean(true);
    Daemon daemon =
        new Daemon(
            new Daemon.Ground(
                clock,
                store,
                election,
                id -> objects.get() ? Optional.of("it differs") : Optional.empty()),
            List.of(TestKind.POLISH),
            List.of(new Managed<>(new TestKind(), TestKind.Shore.of("one", TICK), driver)));
    daemons.add(daemon);
    daemon.start();
    election.win();
    await().until(() -> daemon.leftAlone().containsKey(ID));
    assertThat(daemon.health().problems()).containsExactly("test/one: it differs");
    assertThat(daemon.command(ID, polish()).join()).isEqualTo(new Reply.NotLeading("it differs"));
    await().until(() -> driver.looksAt("a") > 2);
    assertThat(daemon.resource(ID).orElseThrow().leading()).isFalse();
    objects.set(false);
    await().until(() -> daemon.resource(ID).orElseThrow().leading());
    assertThat(daemon.leftAlone()).isEmpty();
  }

  /** A daemon whose configuration is compared. */
  private Daemon compared(Accord accord) {
    Daemon daemon =
        new Daemon(
            new Daemon.Ground(clock, store, election, accord),
            List.of(TestKind.POLISH),
            List.of(new Managed<>(new TestKind(), TestKind.Shore.of("one", TICK), driver)));
    daemons.add(daemon);
    daemon.start();
    return daemon;
  }

  @Test
  void anAccordThatIsSlowIsNotAskedMoreThanItCanAnswer() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Daemon daemon =
        compared(id -> {
          asked.incrementAndGet();
          first.countDown();
          driver.hang(goOn);
          return Optional.empty();
        });
    election.win();
    assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 50; i++) {
      daemon.reconsider(ID);
    }
    goOn.countDown();
    await().until(() -> daemon.resource(ID).orElseThrow().leading());
    await().during(Duration.ofMillis(200)).until(() -> asked.get() <= 3);
  }

  @Test
  void anAnswerThatComesAfterTheResourceWentKeepsNothingOfIt() throws InterruptedException {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    Daemon daemon =
        compared(id -> {
          first.countDown();
          driver.hang(goOn);
          answered.incrementAndGet();
          return Optional.of("it differs");
        });
    election.win();
    assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.release(ID)).isTrue();
    goOn.countDown();
    await().until(() -> answered.get() > 0);
    await().during(Duration.ofMillis(300)).until(() -> answered.get() > 0);
    assertThat(daemon.leftAlone()).isEmpty();
    assertThat(daemon.health().problems()).isEmpty();
  }

  @Test
  void whoComesBeforeTheStartIsBegunOnceAndWhoComesAfterTheEndNotAtAll() {
    Daemon daemon = daemon();
    ScriptedSource source = new ScriptedSource();
    CountDownLatch goOn = new CountDownLatch(1);
    source.script =
        () -> {
          source.hang(goOn);
          return new SourceAnswer.Unavailable("as the test says");
        };
    daemon.add(
        new Managed<>(
            new TestKind(),
            TestKind.Shore.of("two", TICK),
            new ScriptedDriver(),
            Optional.of(new Discovery(source, Duration.ofHours(1)))));
    assertThat(source.asks).as("nothing runs yet").hasValue(0);
    ScriptedDriver early = new ScriptedDriver();
    assertThat(daemon.replace(ID, other(early))).isTrue();
    assertThat(driver.closed).isTrue();
    daemon.start();
    await().until(() -> early.looksAt("a") > 0);
    await().until(() -> source.asks.get() == 1);
    assertThat(driver.looksAt("a")).isZero();
    goOn.countDown();
    daemon.close();
    ScriptedDriver late = new ScriptedDriver();
    assertThatThrownBy(
            () -> daemon.add(new Managed<>(new TestKind(), TestKind.Shore.of("three", TICK), late)))
        .hasMessageContaining("stopping");
    assertThat(daemon.resource(new ResourceId("test", "three"))).isEmpty();
    assertThat(late.looksAt("a")).isZero();
  }

  private static Command keyed(String key) {
    return new Command.Begin(new Actor("eve"), "polish", Details.of("member", "b"), key, false);
  }

  @Test
  void aKeyUsedLongAgoIsAnsweredWithItsOperationAndBeginsNothing() {
    Daemon daemon = leader();
    Operation first = accepted(daemon.command(ID, keyed("once")));
    assertThat(accepted(daemon.command(ID, keyed("once"))).id()).isEqualTo(first.id());
    await().until(() -> state(daemon, first.id()) == OperationState.DONE);
    forget(daemon, first.id());
    int acts = driver.acts.get();
    Operation again = accepted(daemon.command(ID, keyed("once")));
    assertThat(again).isEqualTo(store.operation(first.id()).orElseThrow());
    assertThat(again.steps()).hasSize(2);
    assertThat(driver.acts.get()).isEqualTo(acts);
    assertThat(accepted(daemon.command(ID, keyed("twice"))).id()).isNotEqualTo(first.id());
  }

  /** So many end after it that the engine knows {@code id} no more. */
  private void forget(Daemon daemon, OperationId id) {
    for (int i = 0; i < 50; i++) {
      OperationId next = accepted(daemon.command(ID, polish())).id();
      await().pollInterval(Duration.ofMillis(2)).until(() -> state(daemon, next).ended());
    }
    assertThat(daemon.resource(ID).orElseThrow().operations())
        .extracting(Operation::id)
        .doesNotContain(id);
  }

  @Test
  void aKeyThatCannotBeLookedUpBeginsNothing() {
    Daemon daemon = leader();
    store.broken = true;
    assertThat(daemon.command(ID, keyed("once")).join())
        .isEqualTo(
            new Reply.StoreFailed(
                "cannot tell whether the key was used before"
                    + " (IllegalStateException: disk I/O error): try again"));
    assertThat(driver.acts.get()).isZero();
    store.broken = false;
    accepted(daemon.command(ID, keyed("once")));
  }

  @Test
  void anUnknownResourceIsNotFound() {
    assertThat(leader().command(new ResourceId("test", "two"), polish()).join())
        .isEqualTo(new Reply.NotFound("resource test/two"));
  }

  @Test
  void oneResourceTwiceIsAFault() {
    Managed<TestKind.Shore, String> one =
        new Managed<>(new TestKind(), TestKind.Shore.of("one", TICK), driver);
    assertThatThrownBy(() ->
            new Daemon(new Daemon.Ground(clock, store, election), List.of(), List.of(one, one)))
        .hasMessage("resource test/one is there twice");
  }

  @Test
  void aCommitWhoseFateIsUnknownIsReadBackAndTheOperationGoesOn() {
    Daemon daemon = leader();
    store.answer = batch -> Store.Result.UNKNOWN;
    OperationId id = accepted(daemon.command(ID, polish())).id();
    await().until(() -> state(daemon, id) == OperationState.DONE);
    assertThat(driver.acts.get()).isEqualTo(2);
  }

  @Test
  void aStoreThatCannotBeReadAtTheElectionIsTriedAgainAndSaidSo() {
    Daemon daemon = daemon();
    store.broken = true;
    daemon.start();
    election.win();
    await()
        .until(() ->
            daemon.health().problems().stream().anyMatch(it -> it.contains("disk I/O error")));
    store.broken = false;
    await().until(() -> daemon.resource(ID).orElseThrow().leading());
    await().until(() -> daemon.health().ready());
  }

  @Test
  void aNewerEpochInTheStoreIsTakenUpWhileTheLeaseStands() {
    Daemon daemon = leader();
    AtomicBoolean once = new AtomicBoolean();
    store.answer = batch -> once.compareAndSet(false, true) ? Store.Result.REFUSED : null;
    assertThat(daemon.command(ID, polish()).join()).isInstanceOf(Reply.NotLeading.class);
    await().until(() -> daemon.resource(ID).orElseThrow().leading());
    assertThat(daemon.resource(ID).orElseThrow().epoch()).isGreaterThan(1);
  }

  @Test
  void aLostLeaseIsObeyed() {
    Daemon daemon = leader();
    election.lose("somebody else");
    await().until(() -> !daemon.resource(ID).orElseThrow().leading());
    assertThat(daemon.command(ID, polish()).join()).isInstanceOf(Reply.NotLeading.class);
  }

  @Test
  void stoppedDuringAnActItWaitsForItAndTheNextDaemonDoesTheRestOnce() {
    Daemon first = leader();
    CountDownLatch end = new CountDownLatch(1);
    driver.act =
        step -> {
          driver.hang(end);
          return new Outcome.Done(Details.NONE);
        };
    OperationId id = accepted(first.command(ID, polish())).id();
    await().until(() -> driver.acts.get() == 1);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(first::close);
    await().until(() -> first.command(ID, polish()).isCompletedExceptionally());
    assertThat(stopped).isNotDone();
    end.countDown();
    stopped.join();
    assertThat(driver.closed).isTrue();
    assertThat(driver.acts.get()).isEqualTo(1);
    assertThat(store.operation(id).orElseThrow().step("wash b").orElseThrow().state())
        .isEqualTo(StepState.DONE);

    Daemon second = leader();
    await().until(() -> state(second, id) == OperationState.DONE);
    assertThat(driver.acts.get()).isEqualTo(2);
  }

  @Test
  void aStopEndsWithinTwelveSecondsWhateverHangs() {
    Daemon daemon = leader();
    CountDownLatch never = new CountDownLatch(1);
    driver.act =
        step -> {
          driver.hang(never);
          return new Outcome.Done(Details.NONE);
        };
    accepted(daemon.command(ID, polish()));
    await().until(() -> driver.acts.get() == 1);
    long begin = System.nanoTime();
    daemon.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(12));
    never.countDown();
  }
}
