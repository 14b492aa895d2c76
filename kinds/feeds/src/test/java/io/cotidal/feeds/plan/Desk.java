package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.Command;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.Reply;
import io.cotidal.engine.State;
import io.cotidal.engine.paper.Rows;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Wanted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The engine at work on a replica on paper, until it is killed at a chosen boundary: of a commit,
 * or of an act or its halves. With a source of chance looks come late.
 */
final class Desk {
  /** A look that has not been told yet. */
  private record Late(MemberId member, Observation<FeedsFacts> seen, long begun) {}

  private static final Actor ANN = new Actor("ann");
  final Rows store = new Rows();
  final FeedsSpec spec;
  final PaperReplica replica;
  final Flights flights;
  final FeedsKind kind = new FeedsKind();
  final List<Reply> replies = new ArrayList<>();
  private final @Nullable Random chance;
  Engine<FeedsSpec, FeedsFacts> engine;
  private final Deque<Effect> effects = new ArrayDeque<>();
  private final List<Late> late = new ArrayList<>();
  private final Map<MemberId, Long> looked = new HashMap<>();
  private int boundariesLeft = Integer.MAX_VALUE;
  private long nanos = 1_000_000 * Moment.MILLI;
  private long wall = 1_800_000_000_000_000L;
  private int commands;
  boolean approves;
  int approved;

  Desk(FeedsSpec spec, @Nullable Random chance) {
    this.spec = spec;
    this.chance = chance;
    this.replica = new PaperReplica(spec, store);
    this.replica.prompt = chance == null;
    this.flights = new Flights(replica, chance, this::boundary);
    this.engine = new Engine<>(kind, spec, now());
  }

  private Moment now() {
    return new Moment(nanos, wall + nanos / 1_000);
  }

  /** The time of day is set. */
  void step(long seconds) {
    wall += seconds * 1_000_000;
  }

  /** A new process: nothing is left of the one before but rows and servers. */
  Desk start() {
    nanos += 1_000 * Moment.MILLI;
    effects.clear();
    flights.forget();
    late.clear();
    looked.clear();
    engine = new Engine<>(kind, spec, now());
    look();
    on(new Input.LeaseWon<>(store.snapshot()));
    look();
    return this;
  }

  void command(String type, Details input) {
    on(
        new Input.Commanded<>(
            "command " + ++commands, new Command.Begin(ANN, type, input, null, false)));
    drive();
  }

  void rollBack(Subject subject) {
    command(RollBack.NAME, Details.of("job", subject.key()));
  }

  void cancel(long number) {
    on(new Input.Commanded<>("cancel " + ++commands, new Command.Cancel(ANN, number)));
  }

  private void on(Input<FeedsSpec, FeedsFacts> input) {
    effects.addAll(engine.on(input, now()));
  }

  /** A look at every member. */
  void look() {
    spec.members().forEach(this::look);
  }

  void look(MemberId member) {
    looked.put(member, nanos);
    Late seen = new Late(member, replica.look(member), nanos);
    if (chance != null && chance.nextInt(3) == 0) {
      late.add(seen);
    } else {
      tell(seen);
    }
  }

  private void tell(Late seen) {
    on(new Input.Observed<>(seen.member(), seen.seen(), seen.begun()));
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

  void pass(long millis) {
    nanos += millis * Moment.MILLI;
    List<Late> told = List.copyOf(late);
    late.clear();
    told.forEach(this::tell);
    for (MemberId member : spec.members()) {
      if (nanos - looked.getOrDefault(member, 0L) >= Paper.POLL.toNanos()) {
        look(member);
      }
    }
    on(new Input.Tick<>());
    drive();
  }

  /** Goes on for a while, whatever comes of it. */
  Desk run(int seconds) {
    for (int i = 0; i < seconds; i++) {
      pass(1_000);
      while (land()) {
        drive();
      }
      approve();
    }
    return this;
  }

  /** Goes on until nothing is open, nothing is wanted, and time alone will change nothing. */
  Desk settle() {
    int calm = 0;
    for (int round = 0; round < 1_500 && calm < 8; round++) {
      pass(round < 200 ? 200 : 5_000);
      while (land()) {
        drive();
      }
      approve();
      State<FeedsFacts> state = engine.state();
      boolean still =
          state.leading()
              && state.open().findAny().isEmpty()
              && wanted().isEmpty()
              && kind.due(spec, state) == Long.MAX_VALUE;
      calm = still ? calm + 1 : 0;
      // Calm is what the next looks find calm too.
      if (calm % 2 == 1) {
        nanos += Paper.POLL.toNanos();
      }
    }
    assertThat(calm)
        .as("it settles: %s, wanted %s, open %s", engine, wanted(), open())
        .isEqualTo(8);
    return this;
  }

  private List<String> open() {
    List<String> said = new ArrayList<>();
    store.items().values().stream()
        .filter(item -> !item.is(Jobs.PUBLISHED))
        .forEach(item -> said.add(item.toString()));
    engine.state().open().forEach(open -> said.add(open.toString()));
    engine.state().recent().limit(2).forEach(past -> said.add(past.type() + " " + past.note()));
    return said;
  }

  /** A person says yes to what Cotidal does not do by itself. */
  private void approve() {
    if (approves) {
      proposed().stream().map(Operation::number).toList().forEach(this::approve);
    }
  }

  void approve(long number) {
    approved++;
    on(new Input.Commanded<>("approve " + ++commands, new Command.Approve(ANN, number)));
    drive();
  }

  List<Operation> proposed() {
    return engine.state().open().filter(open -> open.state() == OperationState.PROPOSED).toList();
  }

  List<Wanted> wanted() {
    return kind.plan(spec, engine.state());
  }

  /** Answers what the engine wants, but for acts that take their time. */
  void drive() {
    while (!effects.isEmpty()) {
      switch (effects.poll()) {
        case Effect.Observe look -> look(look.member());
        case Effect.StampMember stamp ->
            on(
                new Input.Stamped<>(
                    stamp.member(), stamp.stamp().epoch(), new Outcome.Done(Details.NONE)));
        case Effect.Commit commit -> {
          boundary();
          store.write(commit.batch());
          boundary();
          on(new Input.Committed<>(commit.batch().id()));
        }
        case Effect.Act act -> {
          boundary();
          flights.take(act);
          if (chance == null) {
            land();
          }
        }
        case Effect.Inspect look -> {
          boundary();
          Inspection seen = replica.inspect(look.step());
          nanos += Moment.MILLI;
          on(new Input.Inspected<>(look.operation(), look.sequence(), seen));
        }
        case Effect.Reload reload -> on(new Input.LeaseWon<>(store.snapshot()));
        case Effect.Answer answer -> replies.add(answer.reply());
        case Effect.Abort abort -> {}
        case Effect.Publish published -> {}
        case Effect.Heartbeat beat -> {}
        case Effect.Wake wake -> {}
        case Effect.StopObserving stop -> {}
        case Effect.ReadBack read -> throw new AssertionError(read);
        case Effect.CheckLease check -> throw new AssertionError(check);
      }
    }
  }

  /** Carries one act on; false if none is under way. */
  boolean land() {
    if (flights.none()) {
      return false;
    }
    flights
        .carry()
        .ifPresent(landed -> {
          nanos += 5 * Moment.MILLI;
          on(
              new Input.StepResult<>(
                  landed.act().operation(), landed.act().sequence(), landed.outcome()));
        });
    return true;
  }

  @Nullable Item row(Subject subject) {
    return store.items().get(Item.key(Jobs.JOB, Jobs.name(subject)));
  }

  String code() {
    return kind.diagnose(spec, engine.state()).code();
  }

  /** What must hold once it has settled, whatever happened before. */
  Desk whole() {
    assertThat(replica.faults(spec)).isEmpty();
    assertThat(code()).isEqualTo("healthy");
    assertThat(store.operations())
        .noneMatch(operation -> operation.state() == OperationState.ATTENTION);
    return this;
  }
}
