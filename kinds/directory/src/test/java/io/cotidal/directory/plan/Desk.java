package io.cotidal.directory.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Server;
import io.cotidal.engine.Command;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.Reply;
import io.cotidal.engine.State;
import io.cotidal.engine.paper.Rows;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Stamp;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The engine at work on servers on paper, until it is killed at a chosen boundary: before or after
 * a commit, before, in the middle of or after an act. With a source of chance, acts run side by
 * side and end in any order, and some fail or lose their answer.
 */
final class Desk {
  /** The control plane dies here. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Flight {
    private final Effect.Act act;
    private boolean begun;

    Flight(Effect.Act act) {
      this.act = act;
    }
  }

  final Rows store = new Rows();
  final PaperDirectory world = new PaperDirectory();
  final DirectoryKind kind = new DirectoryKind();
  final List<Reply> replies = new ArrayList<>();
  final boolean discovers;
  private final DirectorySpec spec;
  private final @Nullable Random chance;
  private final Deque<Effect> effects = new ArrayDeque<>();
  private final List<Flight> flights = new ArrayList<>();
  Engine<DirectorySpec, DirectoryFacts> engine;
  private int boundariesLeft = Integer.MAX_VALUE;
  private long nanos = 1_000_000 * Moment.MILLI;
  private int commands;

  /** Members that the configuration names. */
  Desk(DirectorySpec spec) {
    this(spec, false, null);
  }

  Desk(DirectorySpec spec, boolean discovers, @Nullable Random chance) {
    this.spec = spec;
    this.discovers = discovers;
    this.chance = chance;
    this.engine = begun();
  }

  private Engine<DirectorySpec, DirectoryFacts> begun() {
    return discovers ? Engine.discovering(kind, spec, now()) : new Engine<>(kind, spec, now());
  }

  Moment now() {
    return new Moment(nanos, 1_800_000_000_000_000L + nanos / 1000);
  }

  /** A new process: nothing is left of the one before but rows and servers. */
  Desk start() {
    nanos += 1_000 * Moment.MILLI;
    effects.clear();
    for (Flight flight : flights) {
      boolean goesOn = flight.begun && (chance == null || chance.nextBoolean());
      if (goesOn && flight.act.step().act().equals(Acts.INITIALISE)) {
        world.end(flight.act.step());
      }
    }
    world.brokenOff();
    flights.clear();
    engine = begun();
    world.named = spec.servers();
    look();
    on(new Input.LeaseWon<>(store.snapshot()));
    return this;
  }

  /** The source names these and nobody else. */
  void named(String names) {
    List<Found> found =
        Paper.servers(names).stream()
            .map(server ->
                new Found(
                    server.id(),
                    Details.of(Found.HOST, server.host()).with(Found.PORT, server.port())))
            .toList();
    world.named = Paper.servers(names);
    on(new Input.SourceAnswered<>(new SourceAnswer.Members(found)));
  }

  void unavailable(String why) {
    on(new Input.SourceAnswered<>(new SourceAnswer.Unavailable(why)));
  }

  /** The configuration names these now. */
  void configured(String names) {
    world.named = Paper.servers(names);
    on(new Input.SpecChanged<>(engine.spec().withServers(Paper.servers(names))));
  }

  Reply ask(String type, Details input) {
    replies.clear();
    on(
        new Input.Commanded<>(
            "command " + ++commands,
            new Command.Begin(new Actor("ann"), type, input, null, false)));
    drive();
    return replies.getFirst();
  }

  void on(Input<DirectorySpec, DirectoryFacts> input) {
    effects.addAll(engine.on(input, now()));
  }

  void look() {
    for (Server server : engine.spec().servers()) {
      look(server.id());
    }
  }

  private void look(MemberId member) {
    PaperServer server = world.servers.get(member);
    Observation<DirectoryFacts> seen =
        server != null && server.up
            ? new Observation.Seen<>(
                world.look(server), new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE))
            : new Observation.Refused<>("nobody listens", Host.UNKNOWN);
    on(new Input.Observed<>(member, seen, nanos));
  }

  void killAfter(int boundaries) {
    boundariesLeft = boundaries;
  }

  private void boundary() {
    if (boundariesLeft-- == 0) {
      throw new Killed();
    }
  }

  Desk pass(long millis) {
    nanos += millis * Moment.MILLI;
    world.replicate();
    look();
    on(new Input.Tick<>());
    drive();
    while (chance == null && land()) {
      drive();
    }
    return this;
  }

  /** Goes on for that long, looking every half second. */
  Desk run(int halfSeconds) {
    for (int i = 0; i < halfSeconds; i++) {
      pass(500);
      while (land()) {
        drive();
      }
    }
    return this;
  }

  List<Wanted> wanted() {
    return kind.plan(engine.spec(), engine.state());
  }

  /** Goes on until nothing is open and nothing is wanted. */
  Desk settle() {
    int calm = 0;
    for (int round = 0; round < 600 && calm < 4; round++) {
      pass(round < 300 ? 100 : 5_000);
      while (land()) {
        drive();
      }
      State<DirectoryFacts> state = engine.state();
      boolean ended = state.open().findAny().isEmpty();
      calm = state.leading() && ended && wanted().isEmpty() ? calm + 1 : 0;
    }
    assertThat(calm).as("it settles: %s, wanted %s, %s", verdict(), wanted(), told()).isEqualTo(4);
    return this;
  }

  private String told() {
    StringBuilder told = new StringBuilder();
    store.operations().stream()
        .skip(Math.max(0, store.operations().size() - 5))
        .forEach(operation ->
            told.append(operation.id())
                .append(' ')
                .append(operation.type())
                .append(' ')
                .append(operation.input())
                .append(' ')
                .append(operation.state())
                .append(' ')
                .append(operation.note())
                .append('\n'));
    return told.toString();
  }

  String verdict() {
    return code() + ": " + kind.diagnose(engine.spec(), engine.state()).sentence();
  }

  String code() {
    return kind.diagnose(engine.spec(), engine.state()).code();
  }

  Stream<Operation> of(String type) {
    return store.operations().stream().filter(operation -> operation.type().equals(type));
  }

  Stream<Operation> of(String type, OperationState state) {
    return of(type).filter(operation -> operation.state() == state);
  }

  /** Evidence of that name in the steps that were done. */
  List<String> evidence(String name) {
    List<String> found = new ArrayList<>();
    for (Operation operation : store.operations()) {
      for (StepRecord row : operation.steps()) {
        if (row.state() == StepState.DONE) {
          row.evidence().find(name).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  void approve(Operation operation) {
    on(
        new Input.Commanded<>(
            "approve " + ++commands, new Command.Approve(new Actor("ann"), operation.number())));
    drive();
  }

  /** Answers what the engine wants, but for acts that take their time. */
  void drive() {
    while (!effects.isEmpty()) {
      switch (effects.poll()) {
        case Effect.Observe look -> look(look.member());
        case Effect.StampMember stamp -> stamp(stamp);
        case Effect.Commit commit -> {
          boundary();
          store.write(commit.batch());
          boundary();
          on(new Input.Committed<>(commit.batch().id()));
          assertThat(engine.state().ledger()).isEqualTo(store.ledger());
        }
        case Effect.Act act -> {
          boundary();
          flights.add(new Flight(act));
          if (chance == null) {
            land();
          }
        }
        case Effect.Inspect look -> {
          boundary();
          on(new Input.Inspected<>(look.operation(), look.sequence(), world.inspect(look.step())));
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

  private void stamp(Effect.StampMember stamp) {
    PaperServer server = world.servers.get(stamp.member());
    Stamp newer = server == null || !server.up ? null : world.newer(server, stamp.stamp());
    Outcome outcome =
        server == null || !server.up
            ? new Outcome.Unknown("nobody listens")
            : newer == null ? new Outcome.Done(Details.NONE) : new Outcome.Refused(newer);
    on(new Input.Stamped<>(stamp.member(), stamp.stamp().epoch(), outcome));
  }

  /** Carries one act on; false if none is under way. */
  boolean land() {
    if (flights.isEmpty()) {
      return false;
    }
    Flight flight = flights.get(chance == null ? 0 : chance.nextInt(flights.size()));
    if (!flight.begun) {
      PaperServer server = world.servers.get(flight.act.step().member());
      Stamp newer = server == null ? null : world.newer(server, flight.act.stamp());
      if (newer != null) {
        return answer(flight, new Outcome.Refused(newer));
      }
      Outcome failed = world.begin(flight.act.step());
      if (failed != null) {
        return answer(flight, failed);
      }
      flight.begun = true;
      boundary();
      return chance != null || land();
    }
    Outcome outcome = fault(flight);
    boundary();
    return answer(flight, outcome);
  }

  private Outcome fault(Flight flight) {
    int dice = chance == null ? 0 : chance.nextInt(40);
    boolean fills = flight.act.step().act().equals(Acts.INITIALISE);
    return switch (dice) {
      case 38 -> {
        if (fills) {
          world.breakOff(world.get(flight.act.step().arguments().need(Acts.TO)));
        }
        yield new Outcome.Failed("chance has it");
      }
      case 39 -> {
        world.end(flight.act.step());
        yield new Outcome.Unknown("the answer was lost");
      }
      default -> world.end(flight.act.step());
    };
  }

  private boolean answer(Flight flight, Outcome outcome) {
    flights.remove(flight);
    nanos += 5 * Moment.MILLI;
    on(new Input.StepResult<>(flight.act.operation(), flight.act.sequence(), outcome));
    return true;
  }
}
