package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Spec;
import io.cotidal.model.Wanted;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers what people ask of operations; what that changes is in the turn. */
final class Commands<S extends Spec, F> {
  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Admission<S, F> admission;

  Commands(Kind<S, F> kind, Operations<S, F> operations, Admission<S, F> admission) {
    this.kind = kind;
    this.operations = operations;
    this.admission = admission;
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
      case Command.Pause pause -> {
        Pauses.begin(turn, pause);
        yield new Reply.Noted();
      }
      case Command.Unpause unpause -> {
        if (turn.state().pause().isEmpty()) {
          yield new Reply.Invalid(spec.id() + " is not paused");
        }
        Pauses.end(turn, unpause.actor());
        yield new Reply.Noted();
      }
      case Command.Note note -> {
        turn.log(note.severity(), note.code(), 0, note.actor(), note.text(), Details.NONE);
        yield new Reply.Noted();
      }
    };
  }

  private Reply with(Turn<F> turn, long number, Function<Operation, Reply> then) {
    Operation operation = turn.state().operations().get(number);
    return operation == null
        ? new Reply.NotFound("operation " + number + " is not open")
        : then.apply(operation);
  }

  private Reply beginAsked(Turn<F> turn, S spec, Command.Begin asked) {
    Optional<Operation> earlier = earlier(turn, asked.idempotencyKey());
    if (earlier.isPresent()) {
      return new Reply.Accepted(earlier.get());
    }
    OperationType<S, F> type;
    Details input;
    try {
      Command.Begin meant = kind.meant(spec, turn.state(), asked);
      type = kind.operation(meant.type()).orElse(null);
      if (type == null) {
        return new Reply.NotFound(kind.name() + " has no action '" + asked.type() + "'");
      }
      input = kind.prepare(spec, turn.state(), meant);
      if (!meant.type().equals(asked.type())) {
        input = asked.input().with(input).with(Kind.ASKED_AS, asked.type());
      }
    } catch (Declined e) {
      return new Reply.Declined(e.why(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return new Reply.Invalid(String.valueOf(e.getMessage()));
    }
    if (asked.dryRun()) {
      return preview(turn, spec, type, input);
    }
    if (spec.mode() == Mode.OBSERVE) {
      return observes(spec);
    }
    Optional<Operation> blocker = Locks.blocker(turn.state(), type, input, 0);
    if (blocker.isPresent()) {
      Operation holder = blocker.get();
      return new Reply.Conflict(
          holder, holder.type() + " " + holder.id() + " is " + word(holder.state()));
    }
    Wanted want = new Wanted(type.name(), input, "asked for by " + asked.actor(), true);
    String basis = Basis.of(kind, spec, turn.state());
    Operation operation =
        admission
            .write(
                turn,
                spec,
                new Admission.Draft<>(type, want, asked.actor(), asked.idempotencyKey(), basis))
            .approved(asked.actor(), turn.state().now());
    turn.put(operation);
    admission.begin(turn, spec, operation);
    return new Reply.Accepted(turn.operation(operation.number()));
  }

  /** The operation that an earlier request of that key began. */
  private Optional<Operation> earlier(Turn<F> turn, @Nullable String idempotencyKey) {
    return idempotencyKey == null
        ? Optional.empty()
        : turn.state().operations().values().stream()
            .filter(operation -> idempotencyKey.equals(operation.idempotencyKey()))
            .findFirst();
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
      return observes(spec);
    }
    if (!operation.basis().equals(Basis.of(kind, spec, turn.state()))) {
      return new Reply.Invalid(
          "the facts have changed since " + operation.id() + " was proposed: look at the new plan");
    }
    turn.move(
        operation.approved(approve.actor(), turn.state().now()),
        OperationState.QUEUED,
        "approved",
        approve.actor());
    admission.startQueued(turn, spec);
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
        Endings.abort(turn, operation);
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
    Optional<Operation> holder =
        Locks.conflicting(turn.state(), locks, operation.number()).stream().findFirst();
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

  private Reply observes(S spec) {
    return new Reply.Invalid(
        spec.id() + " is in mode observe, which never changes anything: set mode: manage");
  }

  private static Reply notIn(Operation operation, String verb) {
    return new Reply.Invalid(
        operation.id() + " is " + word(operation.state()) + " and cannot be " + verb);
  }

  private static String word(OperationState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
