package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Severity;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import io.cotidal.model.StepRecord;
import io.cotidal.model.Wanted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One resource's engine: takes inputs, answers effects, and never does anything itself.
 *
 * <p>Memory is what committed rows add up to, plus the latest observations. At most one batch is on
 * its way to the store; whatever arrives meanwhile waits, and everything that depends on the batch
 * is told to the outside only when the batch is durable. Not thread-safe; one owner calls it.
 *
 * @param <S> the kind's spec
 * @param <F> the kind's facts
 */
public final class Engine<S extends Spec, F> {
  /** How long to wait before a batch is tried again that the store did not take. */
  private static final long STORE_PAUSE = 500 * Moment.MILLI;

  /** A batch on its way to the store. */
  private record Pending(
      String id, List<Row> rows, List<Effect> after, Map<String, Reply> replies) {}

  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Admission<S, F> admission;
  private final Leadership leadership = new Leadership();
  private final Cadence cadence = new Cadence();
  private final Deque<Input<S, F>> inbox = new ArrayDeque<>();
  private final Map<MemberId, Object> essences = new HashMap<>();
  private final Map<String, Progress> progress = new TreeMap<>();

  /** When the last act on a member ended: what was seen earlier says nothing of its effect. */
  private final Map<MemberId, Long> actedAt = new HashMap<>();

  private S spec;
  private State<F> state;
  private @Nullable Pending pending;
  private List<Effect> effects = new ArrayList<>();
  private long batches;
  private long storePauseUntil = Long.MIN_VALUE;
  private long heartbeatAt = Long.MIN_VALUE;
  private String diagnosed = "";
  private boolean dirty = true;
  private boolean quiet;
  private boolean takeOver;
  private String incarnation = "";

  /** An engine that knows nothing yet. Its first input should be a {@link Input.Tick}. */
  public Engine(Kind<S, F> kind, S spec, Moment now) {
    this.kind = kind;
    this.spec = spec;
    this.state = State.empty(now, spec.members());
    this.operations = new Operations<>(kind);
    this.admission = new Admission<>(kind, operations);
  }

  /** Takes one input and says what is to be done now, in this order. */
  public List<Effect> on(Input<S, F> input, Moment now) {
    effects = new ArrayList<>();
    forgivePause(now);
    state = state.at(now);
    absorb(input);
    boolean following = leadership.phase() == Leadership.Phase.FOLLOWING;
    cadence.adjust(state, spec, following, effects);
    if (pending == null && now.nanos() >= storePauseUntil) {
      advance();
    }
    heartbeat();
    effects.add(new Effect.Wake(nextWake()));
    return effects;
  }

  /** What is known. Immutable; may be read by anybody. */
  public State<F> state() {
    return state;
  }

  /** The spec in force. */
  public S spec() {
    return spec;
  }

  /**
   * After a pause of this process, the failures that it counted say nothing: the time between two
   * looks was ours, not the members'.
   */
  private void forgivePause(Moment now) {
    long limit = Math.max(1_000 * Moment.MILLI, 4 * spec.tick().toNanos());
    if (now.nanosSince(state.now().nanos()) > limit) {
      SortedMap<MemberId, MemberState<F>> forgiven = new TreeMap<>();
      state.members().forEach((id, member) -> forgiven.put(id, member.forgiven()));
      state = state.withMembers(forgiven);
      dirty = true;
    }
  }

  private void absorb(Input<S, F> input) {
    switch (input) {
      case Input.Observed<S, F> seen -> observed(seen.member(), seen.observation(), seen.begun());
      case Input.Committed<S, F> committed -> committed(committed.batch());
      case Input.CommitRefused<S, F> refused -> refused(refused.batch());
      case Input.CommitFailed<S, F> failed -> failed(failed.batch());
      case Input.CommitUnknown<S, F> unknown -> {
        if (pending != null && pending.id().equals(unknown.batch())) {
          effects.add(new Effect.ReadBack(unknown.batch()));
        }
      }
      case Input.StepResult<S, F> result -> {
        acted(result.operation(), result.sequence());
        inbox.add(result);
      }
      case Input.Inspected<S, F> inspected -> {
        acted(inspected.operation(), inspected.sequence());
        inbox.add(inspected);
      }
      case Input.Progressed<S, F> made ->
          progress.put(made.operation() + "." + made.sequence(), made.progress());
      case Input.Stamped<S, F> stamped -> stamped(stamped);
      case Input.Commanded<S, F> commanded -> commanded(commanded);
      case Input.SpecChanged<S, F> changed -> respecify(changed.spec());
      case Input.SourceAnswered<S, F> answered -> {
        switch (answered.answer()) {
          case SourceAnswer.Members members -> respecify(kind.withMembers(spec, members.members()));
          case SourceAnswer.Unavailable unavailable -> {
            // What the source said last stays in force.
          }
        }
      }
      case Input.LeaseWon<S, F> won -> won(won.snapshot());
      case Input.LeaseLost<S, F> lost -> lose(lost.reason());
      case Input.Tick<S, F> tick -> dirty |= !quiet;
    }
  }

  private void observed(MemberId id, Observation<F> seen, long begun) {
    MemberState<F> before = state.member(id);
    if (before == null || begun < before.observedAt()) {
      return;
    }
    state = state.next(id, seen, begun);
    MemberState<F> member = Objects.requireNonNull(state.member(id));
    dirty |= actedAt.getOrDefault(id, Long.MIN_VALUE) > before.observedAt();
    Object essence = Basis.essence(kind, spec, member);
    boolean same = essence.equals(essences.put(id, essence));
    dirty |= !same || !member.answers();
  }

  private void acted(long number, int sequence) {
    Operation operation = state.operations().get(number);
    if (operation == null) {
      return;
    }
    for (StepRecord row : operation.steps()) {
      MemberId member = row.step().member();
      if (row.sequence() == sequence && member != null) {
        actedAt.put(member, state.now().nanos());
        cadence.lookAgain(member);
      }
    }
  }

  /** Whether every member has been looked at since the last act on it ended. */
  private boolean seenSinceActs() {
    return actedAt.entrySet().stream()
        .allMatch(acted -> {
          MemberState<F> member = state.member(acted.getKey());
          return member == null || member.observedAt() >= acted.getValue();
        });
  }

  private void respecify(S changed) {
    SortedMap<MemberId, MemberState<F>> members = new TreeMap<>();
    for (MemberId id : changed.members()) {
      members.put(
          id, Objects.requireNonNullElseGet(state.member(id), () -> MemberState.unseen(id)));
    }
    spec = changed;
    state = state.withMembers(members);
    essences.keySet().retainAll(members.keySet());
    dirty = true;
  }

  // The lease and the epoch.

  private void won(Snapshot snapshot) {
    boolean ours =
        leadership.phase() == Leadership.Phase.LOADING && snapshot.epoch() == state.epoch();
    if (!ours) {
      // Who still waits for a reply from an earlier leading must hear that it is over.
      lose("the election was won anew: ask again");
    }
    SortedMap<Long, Operation> loaded = new TreeMap<>();
    snapshot.operations().forEach(operation -> loaded.put(operation.number(), operation));
    state =
        state
            .withOperations(loaded)
            .withLedger(snapshot.ledger())
            .withLeadership(snapshot.epoch(), false);
    admission.numbersFrom(snapshot.lastNumber());
    pending = null;
    inbox.clear();
    progress.clear();
    operations.forget();
    unstamp();
    takeOver = true;
    dirty = true;
    if (ours) {
      leadership.loaded(state.now());
    } else {
      leadership.claim(state.now(), 0);
      cadence.forget();
    }
  }

  private void lose(String reason) {
    if (leadership.phase() == Leadership.Phase.FOLLOWING) {
      return;
    }
    leadership.lose();
    state = state.withLeadership(state.epoch(), false);
    if (pending != null) {
      pending.replies().keySet().forEach(id -> answer(id, new Reply.NotLeading(reason)));
      pending = null;
    }
    for (Input<S, F> waiting : inbox) {
      if (waiting instanceof Input.Commanded<S, F> commanded) {
        answer(commanded.id(), new Reply.NotLeading(reason));
      }
    }
    inbox.clear();
    operations.forget();
    unstamp();
  }

  private void unstamp() {
    SortedMap<MemberId, MemberState<F>> members = new TreeMap<>();
    state.members().forEach((id, member) -> members.put(id, member.stamped(false)));
    state = state.withMembers(members);
  }

  private void stamped(Input.Stamped<S, F> answer) {
    MemberState<F> member = state.member(answer.member());
    if (member == null || answer.epoch() != state.epoch()) {
      return;
    }
    boolean done = answer.outcome() instanceof Outcome.Done;
    leadership.answered(answer.member(), state.now(), done);
    if (done) {
      state = state.with(member.stamped(true));
    } else if (answer.outcome() instanceof Outcome.Refused refused) {
      overtaken(refused.newer());
    }
  }

  /** A member follows a newer epoch than ours: claim one above it if the election still stands. */
  private void overtaken(Stamp newer) {
    if (newer.epoch() <= state.epoch()
        || leadership.phase() == Leadership.Phase.FOLLOWING
        || leadership.phase() == Leadership.Phase.RAISING
        || leadership.phase() == Leadership.Phase.LOADING) {
      return;
    }
    state = state.withLeadership(state.epoch(), false);
    operations.forget();
    unstamp();
    leadership.claim(state.now(), newer.epoch());
    cadence.forget();
    takeOver = true;
  }

  // The store's answers.

  private void committed(String batch) {
    Pending done = pending;
    if (done == null || !done.id().equals(batch)) {
      return;
    }
    pending = null;
    for (Row row : done.rows()) {
      state = Memory.apply(state, row);
    }
    if (leadership.phase() == Leadership.Phase.RAISING) {
      leadership.raised();
      effects.add(new Effect.Reload());
    }
    boolean acts = leadership.leading();
    done.after().stream()
        .filter(effect -> acts || effect instanceof Effect.Publish)
        .forEach(effects::add);
    done.replies().forEach(this::answer);
    dirty = true;
  }

  private void refused(String batch) {
    if (pending != null && pending.id().equals(batch)) {
      String reason = "the store knows a newer epoch than " + state.epoch();
      lose(reason);
      effects.add(new Effect.CheckLease(reason));
    }
  }

  private void failed(String batch) {
    Pending lost = pending;
    if (lost == null || !lost.id().equals(batch)) {
      return;
    }
    pending = null;
    storePauseUntil = state.now().nanos() + STORE_PAUSE;
    lost.replies()
        .keySet()
        .forEach(id -> answer(id, new Reply.StoreFailed("the store did not take it: try again")));
    if (leadership.phase() == Leadership.Phase.RAISING) {
      leadership.notRaised(state.now());
    }
    diagnosed = "";
    // What the batch would have recorded is found out anew, as by another owner.
    operations.forget();
    takeOver = true;
    dirty = true;
  }

  private void commanded(Input.Commanded<S, F> commanded) {
    boolean dryRun = commanded.command() instanceof Command.Begin begin && begin.dryRun();
    if (leadership.leading() && !dryRun) {
      inbox.add(commanded);
    } else if (dryRun) {
      answer(commanded.id(), admission.on(turn(), spec, commanded.command()));
    } else {
      answer(
          commanded.id(),
          new Reply.NotLeading("this control plane does not lead " + spec.id() + " now"));
    }
  }

  private void answer(String command, Reply reply) {
    effects.add(new Effect.Answer(command, reply));
  }

  // Going on.

  private Turn<F> turn() {
    return new Turn<>(spec.id(), state);
  }

  private void advance() {
    switch (leadership.phase()) {
      case FOLLOWING, RAISING, LOADING -> {}
      case CLAIMING -> {
        if (leadership.looked(state, spec)) {
          Turn<F> turn = turn();
          turn.row(leadership.raise(state));
          commit(turn, Map.of());
        }
      }
      case STAMPING -> {
        leadership.stamp(state, spec, effects);
        if (leadership.stamped(state, spec)) {
          leadership.lead();
          state = state.withLeadership(state.epoch(), true);
          dirty = true;
          lead();
        }
      }
      case LEADING -> {
        leadership.stamp(state, spec, effects);
        lead();
      }
    }
  }

  private void lead() {
    Turn<F> turn = turn();
    Map<String, Reply> replies = new TreeMap<>();
    if (takeOver) {
      takeOver(turn);
    }
    Stamp newer = takeIn(turn, replies);
    if (newer != null) {
      overtaken(newer);
      replies.keySet().forEach(id -> answer(id, new Reply.NotLeading("a newer epoch acts")));
      return;
    }
    operations.due(turn, spec);
    if (dirty) {
      think(turn);
    }
    if (turn.rows().isEmpty()) {
      effects.addAll(turn.after());
      replies.forEach(this::answer);
    } else {
      commit(turn, replies);
    }
  }

  private void takeOver(Turn<F> turn) {
    takeOver = false;
    turn.log(
        Severity.INFO,
        "leading",
        0,
        null,
        "leads in epoch " + state.epoch(),
        Details.of("epoch", state.epoch()));
    for (Operation operation : List.copyOf(turn.state().operations().values())) {
      if (operation.state() == OperationState.CANCELLING) {
        operations.ask(turn, spec, operation.number(), Run.Occasion.CANCEL);
      } else if (operation.state().underWay()) {
        operations.ask(turn, spec, operation.number(), Run.Occasion.TAKE_OVER);
      }
    }
  }

  private @Nullable Stamp takeIn(Turn<F> turn, Map<String, Reply> replies) {
    while (!inbox.isEmpty()) {
      switch (inbox.remove()) {
        case Input.StepResult<S, F> result -> {
          progress.remove(result.operation() + "." + result.sequence());
          Stamp newer =
              operations.on(turn, spec, result.operation(), result.sequence(), result.outcome());
          if (newer != null) {
            return newer;
          }
        }
        case Input.Inspected<S, F> seen ->
            operations.on(turn, spec, seen.operation(), seen.sequence(), seen.inspection());
        case Input.Commanded<S, F> asked ->
            replies.put(asked.id(), admission.on(turn, spec, asked.command()));
        case Input<S, F> other -> throw new IllegalStateException("not for the inbox: " + other);
      }
    }
    return null;
  }

  /** Everything that follows from changed facts. */
  private void think(Turn<F> turn) {
    dirty = !seenSinceActs();
    Diagnosis diagnosis = kind.diagnose(spec, turn.state());
    if (!diagnosis.code().equals(diagnosed)) {
      diagnosed = diagnosis.code();
      turn.log(
          diagnosis.severity(),
          diagnosis.code(),
          0,
          null,
          diagnosis.sentence(),
          diagnosis.evidence());
    }
    for (Operation operation : List.copyOf(turn.state().operations().values())) {
      if (operation.state() == OperationState.WAITING) {
        operations.ask(turn, spec, operation.number(), Run.Occasion.AGAIN);
      }
    }
    admission.deadlines(turn, spec);
    admission.startQueued(turn, spec);
    boolean wanting = seenSinceActs() && admission.plan(turn, spec);
    quiet =
        !wanting
            && diagnosis.severity() == Severity.INFO
            && turn.state().open().findAny().isEmpty()
            && turn.state().members().values().stream().allMatch(MemberState::answers);
  }

  private void commit(Turn<F> turn, Map<String, Reply> replies) {
    batches++;
    if (incarnation.isEmpty()) {
      incarnation = Long.toHexString(state.now().micros()) + "-" + Long.toHexString(state.epoch());
    }
    String id = spec.id() + "/" + incarnation + "/" + batches;
    pending = new Pending(id, turn.rows(), turn.after(), replies);
    boolean urgent = turn.rows().stream().anyMatch(row -> !(row instanceof Row.Append));
    effects.add(
        new Effect.Commit(new Store.Batch(id, spec.id(), state.epoch(), turn.rows(), urgent)));
  }

  private void heartbeat() {
    long now = state.now().nanos();
    if (!leadership.leading() || spec.mode() == Mode.OBSERVE || now < heartbeatAt) {
      return;
    }
    heartbeatAt = now + spec.tick().toNanos();
    kind.heartbeat(spec, state)
        .map(state::member)
        .filter(MemberState::stamped)
        .ifPresent(member ->
            effects.add(
                new Effect.Heartbeat(member.id(), new Stamp(state.epoch(), 0), spec.deadline())));
  }

  private long nextWake() {
    long now = state.now().nanos();
    long next = Math.min(now + spec.tick().toNanos(), operations.nextDue());
    if (pending == null && storePauseUntil > now) {
      next = Math.min(next, storePauseUntil);
    }
    return Math.max(next, now);
  }

  @Override
  public String toString() {
    return spec.id()
        + " "
        + leadership.phase()
        + " in epoch "
        + state.epoch()
        + (pending == null ? "" : ", waiting for the store");
  }

  /** What screens show. */
  public ResourceView view() {
    List<Wanted> wanted = kind.plan(spec, state);
    return new ResourceView(
        spec.id(),
        state.now().micros(),
        spec.mode(),
        state.leading(),
        state.epoch(),
        kind.diagnose(spec, state),
        wanted.isEmpty(),
        wanted,
        kind.guarantee(spec, state),
        state.ledger(),
        kind.members(spec, state),
        kind.links(spec, state),
        Stream.concat(state.open(), state.recent())
            .sorted(Comparator.comparingLong(Operation::number).reversed())
            .toList(),
        progress);
  }
}
