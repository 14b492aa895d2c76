package io.cotidal.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.State;
import io.cotidal.engine.paper.Rows;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Outcome;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The engine at work on a cluster on paper, until it is killed at a chosen boundary: before or
 * after a commit, before or after an act.
 */
final class Desk {
  /** The control plane dies here. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** No boundary is the last one. */
  static final int NEVER = Integer.MAX_VALUE;

  final PaperCluster world;
  final Rows store;
  final PostgresSpec spec;
  Engine<PostgresSpec, PgFacts> engine;
  private int boundariesLeft = NEVER;
  private final CheckedKind kind = new CheckedKind();
  private final Deque<Effect> effects = new ArrayDeque<>();
  private long nanos = 1_000_000 * Moment.MILLI;

  Desk(PaperCluster world, PostgresSpec spec) {
    this(world, new Rows(), spec);
  }

  /** With what others have written. */
  Desk(PaperCluster world, Rows store, PostgresSpec spec) {
    this.world = world;
    this.store = store;
    this.spec = spec;
    this.engine = new Engine<>(kind, spec, now());
  }

  private Moment now() {
    return new Moment(nanos, 1_800_000_000_000_000L + nanos / 1000);
  }

  /** A new process: nothing is left of the one before but rows and servers. */
  Desk start() {
    nanos += 1_000 * Moment.MILLI;
    effects.clear();
    engine = new Engine<>(kind, spec, now());
    on(new Input.Tick<>());
    on(new Input.LeaseWon<>(store.snapshot()));
    return this;
  }

  void command(String type, Details input) {
    command(type, input, "only once");
  }

  /** Asked under another key, for what happens before the story. */
  void command(String type, Details input, String key) {
    on(new Input.Commanded<>("one", new Command.Begin(new Actor("ann"), type, input, key, false)));
  }

  private void on(Input<PostgresSpec, PgFacts> input) {
    effects.addAll(engine.on(input, now()));
  }

  /** The process dies at the boundary after so many more. */
  void killAfter(int boundaries) {
    boundariesLeft = boundaries;
  }

  private void boundary() {
    if (boundariesLeft-- == 0) {
      throw new Killed();
    }
  }

  /**
   * Asks and settles, with a new process after each death; asks and settles once more in the end.
   *
   * @param next after how many boundaries the second process dies, too
   * @return how often one died
   */
  int outlive(Runnable asked, Runnable settled, int next) {
    int deaths = 0;
    while (true) {
      try {
        if (deaths == 0) {
          asked.run();
        }
        settled.run();
        break;
      } catch (Killed end) {
        deaths++;
        killAfter(deaths == 1 ? next : NEVER);
        start();
      }
    }
    killAfter(NEVER);
    asked.run();
    settled.run();
    return deaths;
  }

  /** Goes on until nothing is open and nothing is wanted. */
  Desk settle() {
    int calm = 0;
    for (int steps = 0; steps < 600 && calm < 4; steps++) {
      nanos += 100 * Moment.MILLI;
      world.write();
      spec.members().forEach(this::look);
      on(new Input.Tick<>());
      drive();
      State<PgFacts> state = engine.state();
      boolean still =
          state.leading()
              && state.open().findAny().isEmpty()
              && kind.plan(spec, state).isEmpty()
              && !kind.diagnose(spec, state).code().equals("primary-suspect");
      calm = still ? calm + 1 : 0;
    }
    assertThat(calm).as("it settles: %s %s", engine, engine.state()).isEqualTo(4);
    return this;
  }

  /** So much time goes by, and nothing happens meanwhile but looks. */
  Desk passes(long seconds) {
    for (int i = 0; i < seconds * 2; i++) {
      nanos += 500 * Moment.MILLI;
      world.write();
      spec.members().forEach(this::look);
      on(new Input.Tick<>());
      drive();
    }
    return this;
  }

  /** Goes on for so many ticks, whatever comes of it. */
  void run(int ticks) {
    for (int tick = 0; tick < ticks; tick++) {
      nanos += 100 * Moment.MILLI;
      spec.members().forEach(this::look);
      on(new Input.Tick<>());
      drive();
    }
  }

  /** Every member is looked at once, so that what happened is known. */
  void look() {
    spec.members().forEach(this::look);
  }

  private void look(MemberId member) {
    on(new Input.Observed<>(member, world.look(member), nanos));
  }

  private void drive() {
    while (!effects.isEmpty()) {
      switch (effects.poll()) {
        case Effect.Observe look -> look(look.member());
        case Effect.StampMember stamp ->
            on(
                new Input.Stamped<>(
                    stamp.member(),
                    stamp.stamp().epoch(),
                    world.reachable(stamp.member())
                        ? new Outcome.Done(Details.NONE)
                        : new Outcome.Unknown("no answer")));
        case Effect.Commit commit -> {
          boundary();
          store.write(commit.batch());
          boundary();
          on(new Input.Committed<>(commit.batch().id()));
          memoryIsTheRows();
        }
        case Effect.Abort abort -> {}
        case Effect.Act act -> {
          boundary();
          world.epoch = act.stamp().epoch();
          Outcome outcome = world.act(act.step());
          world.checkQuorum(Ledger.of(store.ledger()));
          boundary();
          nanos += 5 * Moment.MILLI;
          on(new Input.StepResult<>(act.operation(), act.sequence(), outcome));
        }
        case Effect.Inspect look -> {
          boundary();
          on(new Input.Inspected<>(look.operation(), look.sequence(), world.inspect(look.step())));
        }
        case Effect.Reload reload -> on(new Input.LeaseWon<>(store.snapshot()));
        case Effect.Publish published -> {}
        case Effect.Answer answered -> {}
        case Effect.Heartbeat beat -> {}
        case Effect.Wake wake -> {}
        case Effect.StopObserving stop -> {}
        case Effect.ReadBack read -> throw new AssertionError(read);
        case Effect.CheckLease check -> throw new AssertionError(check);
      }
    }
  }

  private void memoryIsTheRows() {
    world.checkQuorum(Ledger.of(store.ledger()));
    assertThat(engine.state().operations().values()).containsExactlyElementsOf(store.operations());
    assertThat(engine.state().ledger()).isEqualTo(store.ledger());
    assertThat(engine.state().epoch()).isEqualTo(store.epoch());
  }

  Ledger ledger() {
    return Ledger.of(store.ledger());
  }

  String diagnosis() {
    return kind.diagnose(spec, engine.state()).code();
  }
}
