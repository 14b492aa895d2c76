package io.cotidal.simulator;

import io.cotidal.engine.Command;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.Store;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Step;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One control plane: the real engine, and a runtime that pauses, crashes and loses messages. */
final class SimManager {
  /** Name of the place where store and election live. */
  static final String STORE = "store";

  /** After so long a connection to a member counts as broken. */
  private static final long BROKEN = 10 * Scheduler.SECOND;

  private final String name;
  private final History history;
  private final List<Runnable> whilePaused = new ArrayList<>();
  private final Map<MemberId, Long> looks = new HashMap<>();
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

  private void later(long nanos, Runnable action) {
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
      case Effect.Observe observe -> {
        long round = looks.merge(observe.member(), 1L, Long::sum);
        look(observe.member(), observe.period(), observe.deadline(), round);
      }
      case Effect.StopObserving stop -> looks.merge(stop.member(), 1L, Long::sum);
      case Effect.Commit commit -> commit(commit.batch());
      case Effect.ReadBack read -> readBack(read.batch());
      case Effect.StampMember stamp -> stamp(stamp);
      case Effect.Act act -> act(act);
      case Effect.Inspect inspect -> inspect(inspect);
      case Effect.Reload reload -> later(5 * Scheduler.MILLI, this::checkLease);
      case Effect.CheckLease check -> later(20 * Scheduler.MILLI, this::checkLease);
      case Effect.Wake wake -> wake(wake.nanos());
      case Effect.Heartbeat beat -> {}
      case Effect.Publish publish ->
          history.tell(name + " #" + publish.event().operation() + " " + publish.event().text());
      case Effect.Answer answer -> {}
    }
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

  // Looks.

  private void look(MemberId member, Duration period, Duration deadline, long round) {
    if (!Long.valueOf(round).equals(looks.get(member))) {
      return;
    }
    SimServer server = history.world().server(member);
    long sent = history.scheduler().now();
    boolean[] answered = {false};
    history
        .scheduler()
        .after(
            history.latency(),
            () -> {
              boolean reached =
                  history.network().connected(name, member.name()) && !server.hostFrozen;
              if (reached && !server.frozen) {
                Observation<PgFacts> seen = history.gate().look(server);
                later(
                    history.latency(),
                    () -> {
                      if (!answered[0]) {
                        answered[0] = true;
                        looked(member, seen, round, sent);
                      }
                    });
              }
            });
    later(
        deadline.toNanos(),
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            boolean host = history.network().connected(name, member.name()) && !server.hostFrozen;
            long waited = history.scheduler().now() - sent;
            looked(
                member,
                new Observation.Silent<>(waited, host ? server.host() : Host.UNKNOWN),
                round,
                sent);
          }
        });
    later(
        Math.max(period.toNanos(), Scheduler.MILLI),
        () -> again(member, period, deadline, round, answered));
  }

  private void again(
      MemberId member, Duration period, Duration deadline, long round, boolean[] answered) {
    if (answered[0]) {
      look(member, period, deadline, round);
    } else {
      later(period.toNanos() / 4 + 1, () -> again(member, period, deadline, round, answered));
    }
  }

  private void looked(MemberId member, Observation<PgFacts> seen, long round, long begun) {
    if (Long.valueOf(round).equals(looks.get(member))) {
      feed(new Input.Observed<>(member, seen, begun));
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

  // Acts.

  private void stamp(Effect.StampMember stamp) {
    this.<Outcome>toMember(
        stamp.member(),
        stamp.deadline(),
        (server, then) -> history.gate().stamp(server, stamp.stamp(), then::take),
        new Outcome.Unknown("no answer"),
        outcome -> feed(new Input.Stamped<>(stamp.member(), stamp.stamp().epoch(), outcome)));
  }

  private void act(Effect.Act act) {
    long deadline = history.scheduler().now() + act.step().deadline().toNanos();
    this.<Outcome>toMember(
        member(act.step()),
        act.step().deadline(),
        (server, then) -> history.gate().act(server, act.step(), act.stamp(), deadline, then::take),
        new Outcome.Unknown("no answer"),
        outcome -> feed(new Input.StepResult<>(act.operation(), act.sequence(), outcome)));
  }

  private void inspect(Effect.Inspect inspect) {
    this.<Inspection>toMember(
        member(inspect.step()),
        inspect.step().deadline(),
        (server, then) ->
            history.gate().inspect(server, inspect.step(), inspect.stamp(), then::take),
        new Inspection.Unknown("no answer"),
        found -> feed(new Input.Inspected<>(inspect.operation(), inspect.sequence(), found)));
  }

  private static MemberId member(Step step) {
    MemberId member = step.member();
    if (member == null) {
      throw new IllegalStateException("an act without a member: " + step.key());
    }
    return member;
  }

  private interface Taker<T> {
    void take(T answer);
  }

  private interface AtMember<T> {
    void run(SimServer server, Taker<T> then);
  }

  /**
   * Sends, perhaps late; answers, perhaps never; at the deadline, answers for the one who did not.
   */
  private <T> void toMember(
      MemberId member, Duration deadline, AtMember<T> work, T unknown, Taker<T> then) {
    SimServer server = history.world().server(member);
    boolean[] answered = {false};
    Taker<T> once =
        answer -> {
          if (!answered[0]) {
            answered[0] = true;
            then.take(answer);
          }
        };
    Runnable lost = () -> later(Math.min(deadline.toNanos(), BROKEN), () -> once.take(unknown));
    history
        .scheduler()
        .after(
            history.actLatency(),
            () -> {
              if (!history.network().passes(name, member.name())) {
                lost.run();
                return;
              }
              work.run(
                  server,
                  answer -> {
                    if (history.network().passes(member.name(), name)) {
                      later(history.latency(), () -> once.take(answer));
                    } else {
                      lost.run();
                    }
                  });
            });
    later(deadline.toNanos(), () -> once.take(unknown));
  }

  /** What the source of members answers, or fails to. */
  void source(SourceAnswer answer) {
    deliver(new Input.SourceAnswered<>(answer));
  }
}
