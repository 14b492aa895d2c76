package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.Risk;
import io.cotidal.model.Spec;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which operations may be and when they begin: what a plan wants, what was approved. */
final class Admission<S extends Spec, F> {
  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Looks<S, F> looks;
  private long lastNumber;

  Admission(Kind<S, F> kind, Operations<S, F> operations, Looks<S, F> looks) {
    this.kind = kind;
    this.operations = operations;
    this.looks = looks;
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
    // While it is paused what is wanted is only written down: a person may let it run.
    boolean paused = turn.state().pause().isPresent();
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
          spec.mode() == Mode.MANAGE
              && !paused
              && (type.risk() != Risk.IRREVERSIBLE || want.automatic());
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
        Draft<S, F> draft = new Draft<>(type, want, Actor.COTIDAL, null, basis);
        begin(turn, spec, proposed.orElseGet(() -> write(turn, spec, draft)));
      } else if (proposed.isEmpty() && !refused(turn, key)) {
        Draft<S, F> draft = new Draft<>(type, want, Actor.COTIDAL, null, basis);
        turn.move(write(turn, spec, draft), OperationState.PROPOSED, "", null);
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
    State<F> state = turn.state();
    return !Backoff.pauses(state.recent().toList(), type, want, state.now().micros())
        && Locks.blocker(state, type, want.input(), 0).isEmpty();
  }

  private boolean underWay(Turn<F> turn, Wanted want) {
    return turn.state()
        .open()
        .anyMatch(open ->
            open.state() != OperationState.PROPOSED
                && open.type().equals(want.type())
                && open.input().equals(want.input()));
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

  /**
   * Begins approved operations whose locks have become free. Ends those whose approval holds no
   * more: it was given for the facts of its moment, and not for ever.
   */
  void startQueued(Turn<F> turn, S spec) {
    List<Operation> queued =
        turn.state().open().filter(open -> open.state() == OperationState.QUEUED).toList();
    for (Operation operation : queued) {
      Optional<String> expired = Approvals.expired(operation, spec, turn.state().now());
      if (expired.isPresent()) {
        turn.move(operation, OperationState.SUPERSEDED, expired.get(), null);
      } else if (spec.mode() != Mode.OBSERVE && looks.sinceActs(turn.state())) {
        // Before that look the facts are those from before the act, and would look unchanged.
        startApproved(turn, spec, operation);
      }
    }
  }

  private void startApproved(Turn<F> turn, S spec, Operation operation) {
    OperationType<S, F> type = kind.operation(operation.type()).orElse(null);
    if (type == null) {
      operations.endings().stop(turn, operation, "this Cotidal does not know " + operation.type());
    } else if (!operation.basis().equals(Basis.of(kind, spec, turn.state()))) {
      turn.move(
          operation,
          OperationState.SUPERSEDED,
          "the facts have changed since it was approved",
          null);
    } else if (Locks.blocker(turn.state(), type, operation.input(), operation.number()).isEmpty()) {
      begin(turn, spec, operation);
    }
  }

  /** Begins an operation that nobody blocks; what it preempts is ended. */
  void begin(Turn<F> turn, S spec, Operation operation) {
    for (Operation holder :
        Locks.conflicting(turn.state(), operation.locks(), operation.number())) {
      if (Locks.preemptable(holder)) {
        String why = "preempted by " + operation.type() + " " + operation.id();
        operations.endings().end(turn, holder, OperationState.CANCELLED, why);
      }
    }
    turn.move(operation, OperationState.RUNNING, "", operation.actor());
    operations.ask(turn, spec, operation.number(), Run.Occasion.BEGIN);
  }

  /**
   * An operation that is not written down yet.
   *
   * @param basis names the facts on which it rests
   */
  record Draft<S extends Spec, F>(
      OperationType<S, F> type,
      Wanted want,
      Actor actor,
      @Nullable String idempotencyKey,
      String basis) {}

  /** Writes a proposal down under the next number. */
  Operation write(Turn<F> turn, S spec, Draft<S, F> draft) {
    OperationType<S, F> type = draft.type();
    Wanted want = draft.want();
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
            Basis.key(want.type(), want.input(), draft.basis()),
            draft.basis(),
            draft.actor(),
            null,
            draft.idempotencyKey(),
            false,
            type.locks(want.input()),
            turn.state().now().micros(),
            0,
            0,
            0,
            new ArrayList<>());
    turn.put(operation);
    return operation;
  }

  private OperationType<S, F> type(String name) {
    return kind.operation(name)
        .orElseThrow(() -> new IllegalStateException(kind.name() + " has no operation " + name));
  }
}
