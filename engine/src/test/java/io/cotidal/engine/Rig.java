package io.cotidal.engine;

import io.cotidal.engine.paper.Rows;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine with a store, a clock and members that do as a test says. Acts and inspections wait for
 * the test; looks, stamps and commits are answered by {@link #drive} if the test does not answer
 * them itself.
 */
final class Rig {
  static final Actor ANN = new Actor("ann");

  final ScriptedKind kind = new ScriptedKind();
  final Rows store = new Rows();
  final Map<MemberId, Observation<String>> looks = new TreeMap<>();
  final List<Effect> told = new ArrayList<>();
  ScriptedKind.Shore spec;
  Engine<ScriptedKind.Shore, String> engine;
  long nanos = 1_000_000_000_000L;
  long micros = 1_800_000_000_000_000L;
  Effect.@Nullable Commit pending;
  private final Deque<Effect> unanswered = new ArrayDeque<>();
  private int commands;

  Rig() {
    this(Mode.MANAGE);
  }

  Rig(Mode mode) {
    spec = ScriptedKind.Shore.in(mode);
    spec.members().forEach(member -> says(member, "well"));
    engine = new Engine<>(kind, spec, now());
  }

  Moment now() {
    return new Moment(nanos, micros);
  }

  void says(MemberId member, String word) {
    looks.put(member, new Observation.Seen<>(word, host(Stamp.NONE)));
  }

  static Host host(Stamp stamp) {
    return new Host(Host.Process.RUNNING, stamp, Details.NONE);
  }

  /** One input; what it caused is in the answer and nothing is answered. */
  List<Effect> on(Input<ScriptedKind.Shore, String> input) {
    List<Effect> effects = engine.on(input, now());
    told.addAll(effects);
    for (Effect effect : effects) {
      if (effect instanceof Effect.Commit commit) {
        pending = commit;
      } else {
        unanswered.add(effect);
      }
    }
    return effects;
  }

  /** The pending batch becomes durable. */
  List<Effect> commit() {
    Effect.Commit commit = take();
    store.write(commit.batch());
    return on(new Input.Committed<>(commit.batch().id()));
  }

  /** The pending batch, which the test answers itself. */
  Effect.Commit take() {
    Effect.Commit commit = pending;
    if (commit == null) {
      throw new NoSuchElementException("nothing is on its way to the store");
    }
    pending = null;
    return commit;
  }

  /** Answers commits, stamps and looks until nothing of that kind is left. */
  Rig drive() {
    while (pending != null || !unanswered.isEmpty()) {
      while (pending != null) {
        commit();
      }
      Effect effect = unanswered.poll();
      switch (effect) {
        case Effect.Observe look -> look(look.member());
        case Effect.Reload reload -> on(new Input.LeaseWon<>(store.snapshot()));
        case Effect.StampMember stamp ->
            on(
                new Input.Stamped<>(
                    stamp.member(), stamp.stamp().epoch(), new Outcome.Done(Details.NONE)));
        case null, default -> {
          // Nothing to answer, or the test does.
        }
      }
    }
    return this;
  }

  /** Leaves looks and stamps that were asked for without an answer. */
  Rig ignore() {
    unanswered.clear();
    return this;
  }

  List<Effect> look(MemberId member) {
    Observation<String> seen = looks.get(member);
    return seen == null ? List.of() : on(new Input.Observed<>(member, seen, nanos));
  }

  /** Wins the election and does all that leads to acting. */
  Rig lead() {
    on(new Input.Tick<>());
    on(new Input.LeaseWon<>(store.snapshot()));
    return drive();
  }

  /** Another control plane's engine over the same store and members. */
  Rig successor() {
    Rig next = new Rig(spec.mode());
    next.kind.types.putAll(kind.types);
    next.kind.wanted.addAll(kind.wanted);
    next.looks.putAll(looks);
    store.operations().forEach(one -> next.store.write(rowsOf(one)));
    next.store.write(new Row.RaiseEpoch(0, store.epoch()));
    next.store.write(new Row.PutLedger(store.ledger()));
    next.nanos = nanos + 3_600_000_000_000L;
    next.micros = micros + 1_000_000;
    next.engine = new Engine<>(next.kind, next.spec, next.now());
    return next;
  }

  private Store.Batch rowsOf(Operation operation) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row.PutOperation(operation));
    operation.steps().forEach(step -> rows.add(new Row.PutStep(operation.number(), step)));
    return new Store.Batch("copy", spec.id(), 0, rows, false);
  }

  /** Time passes, tick by tick, every member being looked at. */
  Rig pass(long millis) {
    for (long at = 0; at < millis; at += 100) {
      nanos += 100 * Moment.MILLI;
      micros += 100_000;
      looks.keySet().forEach(this::look);
      on(new Input.Tick<>());
      drive();
    }
    return this;
  }

  String command(Command command) {
    String id = "command " + ++commands;
    on(new Input.Commanded<>(id, command));
    return id;
  }

  /** Begins an operation on a person's word. */
  String begin(String type) {
    return command(new Command.Begin(ANN, type, Details.NONE, null, false));
  }

  @Nullable Reply reply(String command) {
    return told(Effect.Answer.class)
        .filter(answer -> answer.command().equals(command))
        .map(Effect.Answer::reply)
        .findFirst()
        .orElse(null);
  }

  Operation accepted(String command) {
    if (reply(command) instanceof Reply.Accepted accepted) {
      return accepted.operation();
    }
    throw new AssertionError("not accepted: " + reply(command));
  }

  <E extends Effect> Stream<E> told(Class<E> type) {
    return told.stream().filter(type::isInstance).map(type::cast);
  }

  static <E extends Effect> List<E> of(Class<E> type, List<Effect> effects) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Keys of all acts told so far, in order. */
  List<String> acts() {
    return told(Effect.Act.class).map(act -> act.step().key()).toList();
  }

  List<String> inspections() {
    return told(Effect.Inspect.class).map(inspect -> inspect.step().key()).toList();
  }

  Effect.Act act(String key) {
    return told(Effect.Act.class)
        .filter(act -> act.step().key().equals(key))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no act " + key + " in " + told));
  }

  Effect.Inspect inspection(String key) {
    return told(Effect.Inspect.class)
        .filter(inspect -> inspect.step().key().equals(key))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no inspection of " + key + " in " + told));
  }

  Rig done(String key) {
    return ends(key, new Outcome.Done(Details.NONE));
  }

  Rig ends(String key, Outcome outcome) {
    Effect.Act act = act(key);
    on(new Input.StepResult<>(act.operation(), act.sequence(), outcome));
    return drive();
  }

  Rig inspected(String key, Inspection inspection) {
    Effect.Inspect inspect = inspection(key);
    on(new Input.Inspected<>(inspect.operation(), inspect.sequence(), inspection));
    return drive();
  }

  Operation operation(long number) {
    Operation operation = engine.state().operations().get(number);
    if (operation == null) {
      throw new AssertionError("no operation " + number + " in " + engine.state().operations());
    }
    return operation;
  }

  void silence(MemberId member) {
    looks.put(member, new Observation.Silent<>(400 * Moment.MILLI, Host.UNKNOWN));
  }
}
