package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Risk;
import io.cotidal.model.Spec;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which operations may be: proposals from plans, commands from people, locks, preemption.
 */
final class Admission<S extends Spec, F> {
  private static final long FIRST_BACKOFF = 500_000L;

  /** So long back a success counts as a repetition, in microseconds. */
  private static final long REPEAT = 10_000_000L;

  /** So many repetitions are nothing unusual. */
  private static final long FREE_REPEATS = 3;

  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Map<Long, Long> knownSince = new HashMap<>();
  private long lastNumber;

  Admission(Kind<S, F> kind, Operations<S, F> operations) {
    this.kind = kind;
    this.operations = operations;
  }

  /** Numbers continue after {@code number}. */
  void numbersFrom(long number) {
    lastNumber = Math.max(lastNumber, number);
  }

  /**
   * Writes down what the planner wants, begins what may begin by itself, supersedes what is wanted
   * no more.
   *
   * @return whether something is wanted, so that time alone may bring it about
   */
  boolean plan(Turn<F> turn, S spec) {
    if (spec.mode() == Mode.OBSERVE) {
      supersede(turn, Set.of());
      return false;
    }
    List<Wanted> wanted = kind.plan(spec, turn.state());
    boolean proposals =
        turn.state().open().anyMatch(open -> open.state() == OperationState.PROPOSED);
    if (wanted.isEmpty() && !proposals) {
      return false;
    }
    String basis = "";
    Set<String> keys = new HashSet<>();
    for (Wanted want : wanted) {
      OperationType<S, F> type = type(want.type());
      boolean runs =
          spec.mode() == Mode.MANAGE && (type.risk() != Risk.IRREVERSIBLE || want.automatic());
      if (underWay(turn, want) || (runs && !mayBegin(turn, type, want))) {
        continue;
      }
      basis = basis.isEmpty() ? Basis.of(kind, spec, turn.state()) : basis;
      String key = Basis.key(want.type(), want.input(), basis);
      keys.add(key);
      Optional<Operation> proposed =
          turn.state()
              .open()
              .filter(open -> open.state() == OperationState.PROPOSED && open.key().equals(key))
              .findFirst();
      if (runs) {
        begin(
            turn,
            spec,
            type,
            proposed.isPresent()
                ? proposed.get()
                : draft(turn, spec, type, want, Actor.COTIDAL, null, basis, key));
      } else if (proposed.isEmpty() && !refused(turn, key)) {
        Operation proposal = draft(turn, spec, type, want, Actor.COTIDAL, null, basis, key);
        turn.move(proposal, OperationState.PROPOSED, "", null);
      }
    }
    supersede(turn, keys);
    return !wanted.isEmpty();
  }

  /** Whether a person has said no to the same on the same facts. */
  private boolean refused(Turn<F> turn, String key) {
    return turn.state()
        .recent()
        .anyMatch(past ->
            past.state() == OperationState.CANCELLED
                && past.startedMicros() == 0
                && past.key().equals(key));
  }

  private boolean mayBegin(Turn<F> turn, OperationType<S, F> type, Wanted want) {
    return !backingOff(turn, type, want) && blocker(turn, type, want, 0).isEmpty();
  }

  private boolean underWay(Turn<F> turn, Wanted want) {
    return turn.state()
        .open()
        .anyMatch(open ->
            open.state() != OperationState.PROPOSED
                && open.type().equals(want.type())
                && open.input().equals(want.input()));
  }

  /**
   * Whether the planner must wait before it tries the same again: after failures, and after
   * successes that the next look did not confirm, for an operation that is wanted over and over
   * does not do what it says.
   */
  private boolean backingOff(Turn<F> turn, OperationType<S, F> type, Wanted want) {
    long now = turn.state().now().micros();
    long failures = 0;
    long repeats = 0;
    long last = 0;
    for (Operation past : turn.state().recent().toList()) {
      if (!past.type().equals(want.type()) || !past.input().equals(want.input())) {
        continue;
      }
      boolean moot = past.state() == OperationState.SUPERSEDED && past.startedMicros() != 0;
      if (past.state() == OperationState.FAILED || moot) {
        failures++;
      } else if (past.state() == OperationState.DONE && now - past.endedMicros() < REPEAT) {
        repeats++;
      } else {
        break;
      }
      last = Math.max(last, past.endedMicros());
    }
    long doublings = failures + Math.max(0, repeats - FREE_REPEATS);
    long longest = type.longestPause().toNanos() / 1_000;
    long pause = Math.min(longest, FIRST_BACKOFF << Math.min(doublings, 20));
    // A clock that stepped back must not make the pause longer than it is.
    return doublings > 0 && now - last < pause && now >= last;
  }

  private void supersede(Turn<F> turn, Set<String> keys) {
    List<Operation> stale =
        turn.state()
            .open()
            .filter(open -> open.state() == OperationState.PROPOSED && !keys.contains(open.key()))
            .toList();
    stale.forEach(
        open -> turn.move(open, OperationState.SUPERSEDED, "the facts have changed", null));
  }

  /** Begins approved operations whose locks have become free. */
  void startQueued(Turn<F> turn, S spec) {
    if (spec.mode() == Mode.OBSERVE) {
      return;
    }
    List<Operation> queued =
        turn.state().open().filter(open -> open.state() == OperationState.QUEUED).toList();
    for (Operation operation : queued) {
      OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
      if (type == null) {
        operations.stop(turn, operation, "this Cotidal does not know " + operation.type());
        continue;
      }
      Wanted want = new Wanted(type.name(), operation.input(), operation.reason(), true);
      if (blocker(turn, type, want, operation.number()).isEmpty()) {
        begin(turn, spec, type, operation);
      }
    }
  }

  private void begin(Turn<F> turn, S spec, OperationType<S, F> type, Operation operation) {
    for (Operation holder : conflicting(turn, operation.locks(), operation.number())) {
      if (preemptable(holder)) {
        end(turn, holder, "preempted by " + type.name() + " " + operation.id());
      }
    }
    turn.move(operation, OperationState.RUNNING, "", operation.actor());
    operations.ask(turn, spec, operation.number(), Run.Occasion.BEGIN);
  }

  private void end(Turn<F> turn, Operation holder, String why) {
    for (StepRecord row : holder.steps()) {
      if (row.state() == StepState.INTENDED) {
        turn.put(holder, row.ended(StepState.ABANDONED, row.evidence(), why, turn.state().now()));
      } else if (row.state() == StepState.PLANNED) {
        turn.row(new Row.DropStep(holder.number(), row.sequence()));
      }
    }
    turn.move(turn.operation(holder.number()), OperationState.CANCELLED, why, null);
    operations.forget(holder.number());
  }

  private static boolean preemptable(Operation holder) {
    return holder.state() != OperationState.ATTENTION && !holder.pastNoReturn();
  }

  private static <F> List<Operation> conflicting(Turn<F> turn, List<Lock> locks, long except) {
    return turn.state()
        .holding()
        .filter(holder ->
            holder.number() != except
                && holder.locks().stream()
                    .anyMatch(held -> locks.stream().anyMatch(held::conflicts)))
        .toList();
  }

  /** The operation that keeps {@code want} from beginning now. */
  private Optional<Operation> blocker(
      Turn<F> turn, OperationType<S, F> type, Wanted want, long except) {
    return conflicting(turn, type.locks(want.input()), except).stream()
        .filter(holder -> !type.preempts() || !yields(holder))
        .findFirst();
  }

  /** Whether a preempting operation may go ahead in spite of {@code holder}. */
  private static boolean yields(Operation holder) {
    if (holder.state() == OperationState.ATTENTION) {
      return holder.locks().stream().noneMatch(lock -> lock.scope().equals(Lock.RESOURCE));
    }
    return preemptable(holder);
  }

  private Operation draft(
      Turn<F> turn,
      S spec,
      OperationType<S, F> type,
      Wanted want,
      Actor actor,
      @Nullable String idempotencyKey,
      String basis,
      String key) {
    lastNumber++;
    Operation operation =
        new Operation(
            new OperationId(spec.id(), lastNumber),
            type.name(),
            type.version(),
            want.input(),
            type.risk(),
            OperationState.PROPOSED,
            want.reason(),
            "",
            key,
            basis,
            actor,
            null,
            idempotencyKey,
            false,
            type.locks(want.input()),
            turn.state().now().micros(),
            0,
            0,
            new ArrayList<>());
    turn.put(operation);
    return operation;
  }

  /** Answers a command; what it changes is in the turn. */
  Reply on(Turn<F> turn, S spec, Command command) {
    return switch (command) {
      case Command.Begin begin -> beginAsked(turn, spec, begin);
      case Command.Approve approve ->
          with(turn, approve.number(), operation -> approve(turn, spec, operation, approve));
      case Command.Reject reject ->
          with(turn, reject.number(), operation -> reject(turn, operation, reject.actor()));
      case Command.Cancel cancel ->
          with(turn, cancel.number(), operation -> cancel(turn, spec, operation, cancel.actor()));
      case Command.Resume resume ->
          with(turn, resume.number(), operation -> resume(turn, spec, operation, resume.actor()));
      case Command.Resolve resolve ->
          with(turn, resolve.number(), operation -> resolve(turn, operation, resolve));
    };
  }

  private Reply with(Turn<F> turn, long number, Function<Operation, Reply> then) {
    Operation operation = turn.state().operations().get(number);
    return operation == null
        ? new Reply.NotFound("operation " + number + " is not open")
        : then.apply(operation);
  }

  private Reply beginAsked(Turn<F> turn, S spec, Command.Begin asked) {
    OperationType<S, F> type = kind.operation(asked.type()).orElse(null);
    if (type == null) {
      return new Reply.NotFound(kind.name() + " has no action '" + asked.type() + "'");
    }
    String idempotencyKey = asked.idempotencyKey();
    if (idempotencyKey != null) {
      for (Operation earlier : turn.state().operations().values()) {
        if (idempotencyKey.equals(earlier.idempotencyKey())) {
          return new Reply.Accepted(earlier);
        }
      }
    }
    Details input;
    try {
      input = kind.prepare(spec, turn.state(), asked.type(), asked.input());
    } catch (IllegalArgumentException e) {
      return new Reply.Invalid(String.valueOf(e.getMessage()));
    }
    if (asked.dryRun()) {
      return preview(turn, spec, type, input);
    }
    if (spec.mode() == Mode.OBSERVE) {
      return new Reply.Invalid(
          spec.id() + " is in mode observe, which never changes anything: set mode: manage");
    }
    String reason = "asked for by " + asked.actor();
    Wanted want = new Wanted(asked.type(), input, reason, true);
    Optional<Operation> blocker = blocker(turn, type, want, 0);
    if (blocker.isPresent()) {
      Operation holder = blocker.get();
      return new Reply.Conflict(
          holder, holder.type() + " " + holder.id() + " is " + word(holder.state()));
    }
    String basis = Basis.of(kind, spec, turn.state());
    String key = Basis.key(want.type(), want.input(), basis);
    Operation operation =
        draft(turn, spec, type, want, asked.actor(), idempotencyKey, basis, key)
            .approved(asked.actor());
    turn.put(operation);
    begin(turn, spec, type, operation);
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  private Reply preview(Turn<F> turn, S spec, OperationType<S, F> type, Details input) {
    Continuation rest = type.steps(input, Run.begin(), spec, turn.state());
    return switch (rest) {
      case Continuation.Rest r ->
          new Reply.Preview(r.steps(), type.predicted(input, spec, turn.state()));
      case Continuation.Moot moot -> new Reply.Invalid("nothing to do: " + moot.reason());
      case Continuation.Wait wait -> new Reply.Invalid("it would wait: " + wait.reason());
      case Continuation.GiveUp gaveUp -> new Reply.Invalid("it would fail: " + gaveUp.reason());
      case Continuation.Stuck stuck -> new Reply.Invalid("it would be stuck: " + stuck.reason());
    };
  }

  private Reply approve(Turn<F> turn, S spec, Operation operation, Command.Approve approve) {
    if (operation.state() != OperationState.PROPOSED) {
      return notIn(operation, "approved");
    }
    if (spec.mode() == Mode.OBSERVE) {
      return new Reply.Invalid(
          spec.id() + " is in mode observe, which never changes anything: set mode: manage");
    }
    if (!operation.basis().equals(Basis.of(kind, spec, turn.state()))) {
      return new Reply.Invalid(
          "the facts have changed since " + operation.id() + " was proposed: look at the new plan");
    }
    turn.move(
        operation.approved(approve.actor()), OperationState.QUEUED, "approved", approve.actor());
    startQueued(turn, spec);
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  private Reply reject(Turn<F> turn, Operation operation, Actor actor) {
    if (operation.state() != OperationState.PROPOSED) {
      return notIn(operation, "rejected");
    }
    turn.move(operation, OperationState.CANCELLED, "rejected by " + actor, actor);
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  private Reply cancel(Turn<F> turn, S spec, Operation operation, Actor actor) {
    String why = "cancelled by " + actor;
    switch (operation.state()) {
      case PROPOSED, QUEUED -> turn.move(operation, OperationState.CANCELLED, why, actor);
      case RUNNING, WAITING -> {
        if (operation.pastNoReturn()) {
          return new Reply.Invalid(
              operation.id() + " is past its point of no return: it ends by itself");
        }
        turn.put(operation.cancelling().in(OperationState.RUNNING, why, turn.state().now()));
        operations.settle(turn, spec, operation.number());
      }
      case CANCELLING -> {}
      case ATTENTION, DONE, FAILED, CANCELLED, SUPERSEDED -> {
        return notIn(operation, "cancelled");
      }
    }
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  private Reply resume(Turn<F> turn, S spec, Operation operation, Actor actor) {
    if (operation.state() != OperationState.ATTENTION
        && operation.state() != OperationState.WAITING) {
      return notIn(operation, "resumed");
    }
    OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
    if (type == null) {
      return new Reply.Invalid(
          "this Cotidal does not know " + operation.type() + ": resolve " + operation.id());
    }
    List<Lock> locks = type.locks(operation.input());
    Optional<Operation> holder = conflicting(turn, locks, operation.number()).stream().findFirst();
    if (holder.isPresent()) {
      return new Reply.Conflict(
          holder.get(), holder.get().id() + " is " + word(holder.get().state()));
    }
    turn.move(operation.holding(locks), OperationState.RUNNING, "resumed by " + actor, actor);
    operations.ask(turn, spec, operation.number(), Run.Occasion.AGAIN);
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  private Reply resolve(Turn<F> turn, Operation operation, Command.Resolve resolve) {
    if (operation.state() != OperationState.ATTENTION) {
      return notIn(operation, "resolved");
    }
    turn.move(
        operation,
        resolve.done() ? OperationState.DONE : OperationState.FAILED,
        "resolved by " + resolve.actor() + ": " + resolve.word(),
        resolve.actor());
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  /** Ends what has run past its type's deadline. */
  void deadlines(Turn<F> turn, S spec) {
    long now = turn.state().now().nanos();
    List<Operation> running = turn.state().open().filter(open -> open.state().underWay()).toList();
    knownSince.keySet().retainAll(running.stream().map(Operation::number).toList());
    for (Operation operation : running) {
      OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
      // Measured on the monotonic clock of this process: a wall clock that jumps ends nothing.
      long since = knownSince.computeIfAbsent(operation.number(), n -> now);
      if (type == null || operation.cancelRequested() || now - since < type.deadline().toNanos()) {
        continue;
      }
      if (operation.pastNoReturn()) {
        operations.stop(turn, operation, "past its deadline");
      } else {
        turn.put(
            operation
                .cancelling()
                .in(OperationState.RUNNING, "past its deadline", turn.state().now()));
        operations.settle(turn, spec, operation.number());
      }
    }
  }

  private static Reply notIn(Operation operation, String verb) {
    return new Reply.Invalid(
        operation.id() + " is " + word(operation.state()) + " and cannot be " + verb);
  }

  private static String word(OperationState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private OperationType<S, F> type(String name) {
    return kind.operation(name)
        .orElseThrow(() -> new IllegalStateException(kind.name() + " has no operation " + name));
  }
}
