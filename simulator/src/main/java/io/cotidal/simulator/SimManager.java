package io.cotidal.simulator;

import io.cotidal.engine.Command;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.Store;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.SourceAnswer;
import io.cotidal.postgres.guard.Lifeline;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.StallWatch;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One control plane: the real engine, and a runtime that pauses, crashes and loses messages. */
final class SimManager {
  /** Name of the place where store and election live. */
  static final String STORE = "store";

  private final String name;
  private final History history;
  private final List<Runnable> whilePaused = new ArrayList<>();
  private final Map<MemberId, Lifeline> lifelines = new HashMap<>();
  private final Map<MemberId, StallWatch> stalls = new HashMap<>();
  private final SimLooks looks;
  private final SimOrders orders;
  private @Nullable Engine<PostgresSpec, PgFacts> engine;
  private boolean paused;
  private long life;
  private long wakeAt = Long.MAX_VALUE;
  private long commands;
  private boolean leading;

  /** Whether it believes that the election is its own. */
  boolean elected;

  /** Added to the wall clock. */
  long wallOffset;

  SimManager(String name, History history) {
    this.name = name;
    this.history = history;
    this.looks = new SimLooks(this, history);
    this.orders = new SimOrders(this, history);
    this.wallOffset = history.random().nextLong(1_000);
  }

  String name() {
    return name;
  }

  @Override
  public String toString() {
    return name
        + (engine == null ? " dead" : paused ? " paused" : "")
        + (elected ? " elected" : "")
        + (engine == null ? "" : " " + engine);
  }

  boolean alive() {
    return engine != null;
  }

  boolean running() {
    return engine != null && !paused;
  }

  @Nullable Engine<PostgresSpec, PgFacts> engine() {
    return engine;
  }

  void start() {
    life++;
    engine = new Engine<>(history.kind(), history.spec(), moment());
    feed(new Input.Tick<>());
  }

  void crash() {
    life++;
    engine = null;
    paused = false;
    leading = false;
    elected = false;
    whilePaused.clear();
    looks.clear();
    orders.clear();
    lifelines.clear();
    stalls.clear();
    wakeAt = Long.MAX_VALUE;
  }

  void pause() {
    paused = engine != null;
  }

  void resume() {
    paused = false;
    List<Runnable> late = List.copyOf(whilePaused);
    whilePaused.clear();
    late.forEach(Runnable::run);
  }

  private Moment moment() {
    long now = history.scheduler().now();
    return new Moment(now, 1_700_000_000_000_000L + now / 1_000 + wallOffset);
  }

  /** Runs {@code action} in this life of the manager, when it is not paused. */
  private void mine(Runnable action) {
    long mine = life;
    Runnable guarded =
        () -> {
          if (mine == life) {
            action.run();
          }
        };
    if (paused) {
      whilePaused.add(guarded);
    } else {
      action.run();
    }
  }

  /** Runs {@code action} in this life of the manager, when so much time has passed. */
  void later(long nanos, Runnable action) {
    long mine = life;
    history
        .scheduler()
        .after(
            nanos,
            () -> {
              if (mine == life) {
                mine(action);
              }
            });
  }

  void feed(Input<PostgresSpec, PgFacts> input) {
    Engine<PostgresSpec, PgFacts> mine = engine;
    if (mine == null) {
      return;
    }
    List<Effect> effects = mine.on(input, moment());
    effects.forEach(this::execute);
    if (mine.state().leading() && !leading) {
      history.leads(this, mine.state());
    }
    leading = mine.state().leading();
  }

  /** Feeds {@code input} as soon as this manager runs. */
  void deliver(Input<PostgresSpec, PgFacts> input) {
    if (engine != null) {
      mine(() -> feed(input));
    }
  }

  void command(Command command) {
    deliver(new Input.Commanded<>(name + "-" + commands++, command));
  }

  private void execute(Effect effect) {
    switch (effect) {
      case Effect.Observe observe -> looks.begin(observe);
      case Effect.StopObserving stop -> looks.end(stop.member());
      case Effect.Commit commit -> commit(commit.batch());
      case Effect.ReadBack read -> readBack(read.batch());
      case Effect.StampMember stamp -> orders.stamp(stamp);
      case Effect.Act act -> orders.act(act);
      case Effect.Inspect inspect -> orders.inspect(inspect);
      case Effect.Reload reload -> later(5 * Scheduler.MILLI, this::checkLease);
      case Effect.CheckLease check -> later(20 * Scheduler.MILLI, this::checkLease);
      case Effect.Wake wake -> wake(wake.nanos());
      case Effect.Heartbeat beat ->
          lifeline(beat.member()).lead(beat.stamp().epoch(), history.scheduler().now());
      case Effect.Abort abort -> {}
      case Effect.Publish publish ->
          history.tell(name + " #" + publish.event().operation() + " " + publish.event().text());
      case Effect.Answer answer -> {}
    }
  }

  /** How its looks keep the guard of that member from acting. */
  Lifeline lifeline(MemberId member) {
    return lifelines.computeIfAbsent(member, _ -> new Lifeline());
  }

  /** For how long its looks have found that member standing still. */
  StallWatch stall(MemberId member) {
    return stalls.computeIfAbsent(member, _ -> new StallWatch(history.spec().failover()));
  }

  private void wake(long at) {
    if (at < wakeAt || wakeAt <= history.scheduler().now()) {
      wakeAt = at;
      later(
          Math.max(Scheduler.MILLI, at - history.scheduler().now()),
          () -> {
            if (wakeAt == at) {
              wakeAt = Long.MAX_VALUE;
              feed(new Input.Tick<>());
            }
          });
    }
  }

  // The store and the election.

  private void commit(Store.Batch batch) {
    later(
        Scheduler.MILLI + history.random().nextLong(3 * Scheduler.MILLI),
        () -> {
          if (!history.network().connected(name, STORE)) {
            later(500 * Scheduler.MILLI, () -> feed(new Input.CommitUnknown<>(batch.id())));
            return;
          }
          int dice = history.random().nextInt(1_000);
          if (dice < history.storeFails()) {
            feed(new Input.CommitFailed<>(batch.id()));
            return;
          }
          Store.Result result = history.store().commit(batch);
          if (dice < 2 * history.storeFails()) {
            later(300 * Scheduler.MILLI, () -> feed(new Input.CommitUnknown<>(batch.id())));
            return;
          }
          switch (result) {
            case COMMITTED -> feed(new Input.Committed<>(batch.id()));
            case REFUSED -> feed(new Input.CommitRefused<>(batch.id()));
            case FAILED -> feed(new Input.CommitFailed<>(batch.id()));
            case UNKNOWN -> feed(new Input.CommitUnknown<>(batch.id()));
          }
        });
  }

  private void readBack(String batch) {
    later(
        100 * Scheduler.MILLI,
        () -> {
          if (!history.network().connected(name, STORE)) {
            readBack(batch);
          } else if (history.store().committed(batch)) {
            feed(new Input.Committed<>(batch));
          } else {
            feed(new Input.CommitFailed<>(batch));
          }
        });
  }

  private void checkLease() {
    if (!history.lease().holds(name)) {
      elected = false;
      feed(new Input.LeaseLost<>("another one holds the lease"));
    } else if (history.network().connected(name, STORE)) {
      feed(new Input.LeaseWon<>(history.store().load()));
    } else {
      later(500 * Scheduler.MILLI, this::checkLease);
    }
  }

  /** What the source of members answers, or fails to. */
  void source(SourceAnswer answer) {
    deliver(new Input.SourceAnswered<>(answer));
  }
}
