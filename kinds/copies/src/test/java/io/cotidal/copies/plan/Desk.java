package io.cotidal.copies.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Command;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Engine;
import io.cotidal.engine.Input;
import io.cotidal.engine.Reply;
import io.cotidal.engine.State;
import io.cotidal.engine.paper.Rows;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Permission;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The engine at work on a host on paper, until it is killed at a chosen boundary: before or after a
 * commit, before, in the middle of or after an act. With a source of chance, acts run side by side
 * and end in any order.
 */
final class Desk {
  /** The control plane dies here. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** An act under way; begun once it has passed the gate. */
  private static final class Flight {
    private final Effect.Act act;
    private boolean begun;
    private boolean aborted;

    Flight(Effect.Act act) {
      this.act = act;
    }

    String place() {
      return act.step().arguments().need(Acts.ID);
    }
  }

  private static final Set<String> INTERRUPTIBLE =
      Set.of(Acts.IMPORT, Acts.RESTORE, Acts.MAKE, Acts.SPARE, Acts.COMPARE);

  final Rows store = new Rows();
  final PaperHost host = new PaperHost(store);
  final CopiesKind kind = new CopiesKind();
  final List<Reply> replies = new ArrayList<>();
  private final CopiesSpec spec;
  private final @Nullable Random chance;
  Engine<CopiesSpec, CopiesFacts> engine;
  private final Deque<Effect> effects = new ArrayDeque<>();
  private final List<Flight> flights = new ArrayList<>();
  private int boundariesLeft = Integer.MAX_VALUE;
  private long nanos = 1_000_000 * Moment.MILLI;
  private int commands;
  int approved;

  Desk(CopiesSpec spec, @Nullable Random chance) {
    this.spec = spec;
    this.chance = chance;
    this.engine = new Engine<>(kind, spec, now());
  }

  private Moment now() {
    host.micros = 1_800_000_000_000_000L + nanos / 1000;
    return new Moment(nanos, host.micros);
  }

  /** A new process: nothing is left of the one before but rows and places. */
  Desk start() {
    nanos += 1_000 * Moment.MILLI;
    effects.clear();
    flights.clear();
    engine = new Engine<>(kind, spec, now());
    look();
    on(new Input.LeaseWon<>(store.snapshot()));
    return this;
  }

  void command(String type, Details input) {
    command(Permission.USER, type, input);
  }

  void operator(String type, Details input) {
    command(Permission.OPERATOR, type, input);
  }

  private void command(Permission role, String type, Details input) {
    on(
        new Input.Commanded<>(
            "command " + ++commands,
            new Command.Begin(new Actor("ann"), role, type, input, null, false)));
  }

  void cancel(long number) {
    on(new Input.Commanded<>("cancel " + ++commands, new Command.Cancel(new Actor("ann"), number)));
  }

  private void on(Input<CopiesSpec, CopiesFacts> input) {
    effects.addAll(engine.on(input, now()));
  }

  void look() {
    on(
        new Input.Observed<>(
            CopiesSpec.HOST,
            new Observation.Seen<>(
                host.look(), new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE)),
            nanos));
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
    look();
    on(new Input.Tick<>());
    drive();
  }

  /** Goes on until nothing is open and nothing is wanted. */
  Desk settle() {
    int calm = 0;
    for (int round = 0; round < 900 && calm < 4; round++) {
      pass(round < 300 ? 100 : 5_000);
      while (land()) {
        drive();
      }
      approve();
      State<CopiesFacts> state = engine.state();
      boolean ended = state.open().allMatch(open -> open.state() == OperationState.ATTENTION);
      boolean still = state.leading() && ended && kind.plan(spec, state).isEmpty();
      calm = still ? calm + 1 : 0;
    }
    assertThat(calm)
        .as("it settles: %s, wanted %s, %s", engine, wanted(), engine.state().operations().values())
        .isEqualTo(4);
    return this;
  }

  /** A person says yes to what Cotidal does not do by itself. */
  private void approve() {
    List<Long> proposed =
        engine
            .state()
            .open()
            .filter(open -> open.state() == OperationState.PROPOSED)
            .map(Operation::number)
            .toList();
    for (long number : proposed) {
      approved++;
      on(
          new Input.Commanded<>(
              "approve " + ++commands, new Command.Approve(new Actor("ann"), number)));
      drive();
    }
  }

  private Object wanted() {
    return kind.plan(spec, engine.state());
  }

  /** Answers what the engine wants, but for acts that take their time. */
  void drive() {
    while (!effects.isEmpty()) {
      switch (effects.poll()) {
        case Effect.Observe look -> look();
        case Effect.StampMember stamp ->
            on(
                new Input.Stamped<>(
                    stamp.member(), stamp.stamp().epoch(), new Outcome.Done(Details.NONE)));
        case Effect.Commit commit -> {
          boundary();
          store.write(commit.batch());
          boundary();
          on(new Input.Committed<>(commit.batch().id()));
          memoryIsTheRows();
        }
        case Effect.Abort abort ->
            flights.stream()
                .filter(flight ->
                    flight.act.operation() == abort.operation()
                        && flight.act.sequence() == abort.sequence()
                        && INTERRUPTIBLE.contains(flight.act.step().act()))
                .forEach(flight -> flight.aborted = true);
        case Effect.Act act -> {
          boundary();
          flights.add(new Flight(act));
          if (chance == null) {
            land();
          }
        }
        case Effect.Inspect look -> {
          boundary();
          Inspection seen = host.inspect(look.step(), look.stamp());
          on(new Input.Inspected<>(look.operation(), look.sequence(), seen));
        }
        case Effect.Reload reload -> on(new Input.LeaseWon<>(store.snapshot()));
        case Effect.Answer answer -> replies.add(answer.reply());
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
    if (flights.isEmpty()) {
      return false;
    }
    Flight flight = flights.get(chance == null ? 0 : chance.nextInt(flights.size()));
    boolean held =
        flights.stream()
            .anyMatch(
                other -> other != flight && other.begun && other.place().equals(flight.place()));
    if (held) {
      return true;
    }
    if (!flight.begun) {
      Step step = flight.act.step();
      Stamp newer = host.newer(flight.place(), flight.act.stamp());
      if (newer != null) {
        return answer(flight, new Outcome.Refused(newer));
      }
      if (flight.aborted) {
        return answer(flight, new Outcome.Unknown("interrupted"));
      }
      Outcome failed = host.begin(step);
      if (failed != null) {
        return answer(flight, failed);
      }
      flight.begun = true;
      boundary();
      return chance != null || land();
    }
    if (flight.aborted) {
      return answer(flight, new Outcome.Unknown("interrupted"));
    }
    Outcome outcome = fault(flight);
    boundary();
    return answer(flight, outcome);
  }

  private Outcome fault(Flight flight) {
    int dice = chance == null ? 0 : chance.nextInt(40);
    return switch (dice) {
      case 37 -> new Outcome.Unknown("the answer was lost, the effect was not there");
      case 38 -> new Outcome.Failed("chance has it");
      case 39 -> {
        host.end(flight.act.step());
        yield new Outcome.Unknown("the answer was lost");
      }
      default -> host.end(flight.act.step());
    };
  }

  private boolean answer(Flight flight, Outcome outcome) {
    flights.remove(flight);
    nanos += 5 * Moment.MILLI;
    on(new Input.StepResult<>(flight.act.operation(), flight.act.sequence(), outcome));
    return true;
  }

  private void memoryIsTheRows() {
    assertThat(engine.state().items()).isEqualTo(store.items());
    assertThat(engine.state().ledger()).isEqualTo(store.ledger());
    assertThat(engine.state().epoch()).isEqualTo(store.epoch());
  }

  List<Item> items(String sort) {
    return store.items().values().stream().filter(item -> item.sort().equals(sort)).toList();
  }

  @Nullable Item copy(String name) {
    return store.items().get(Item.key(Shelf.COPY, name));
  }

  /** What must hold once it has settled, whatever happened before. */
  void whole() {
    assertThat(host.wrong).isEmpty();
    assertThat(store.items().values())
        .noneMatch(
            item -> item.is(Shelf.CREATING) || item.is(Shelf.DELETING) || item.is(Shelf.RESETTING));
    Set<String> known =
        store.items().values().stream()
            .map(Shelf::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(host.places.keySet()).as("folders and items").isEqualTo(known);
    for (Item item : store.items().values()) {
      PaperHost.Place place = host.places.get(Shelf.id(item));
      if (item.is(Shelf.READY)) {
        assertThat(place).isNotNull();
        assertThat(place.whole).as("%s is whole", item).isTrue();
      }
      if (item.sort().equals(Shelf.COPY) && item.is(Shelf.READY)) {
        assertThat(place.server.name()).as("the server of %s", item).isEqualTo("RUNNING");
        assertThat(place.owner).as("who has the place of %s", item).isEqualTo(item.name());
        assertThat(place.generation).isEqualTo(host.lies(Shelf.generation(item)));
      }
      if (!item.sort().equals(Shelf.GENERATION)) {
        assertThat(store.items()).containsKey(Item.key(Shelf.GENERATION, Shelf.generation(item)));
      }
    }
  }
}
