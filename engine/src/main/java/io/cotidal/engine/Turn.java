package io.cotidal.engine;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One batch in the making: the rows, what memory will be once they are durable, and the effects
 * that must wait for that.
 */
final class Turn<F> {
  private final ResourceId resource;
  private final List<Row> rows = new ArrayList<>();
  private final List<Effect> after = new ArrayList<>();
  private final Set<MemberId> looks = new TreeSet<>();
  private State<F> draft;

  Turn(ResourceId resource, State<F> state) {
    this.resource = resource;
    this.draft = state;
  }

  /** What memory will be. */
  State<F> state() {
    return draft;
  }

  List<Row> rows() {
    return rows;
  }

  /** Effects for when the rows are durable. */
  List<Effect> after() {
    return after;
  }

  void then(Effect effect) {
    after.add(effect);
  }

  /** Members that are to be looked at at once. */
  Set<MemberId> looks() {
    return looks;
  }

  void look(MemberId member) {
    looks.add(member);
  }

  void row(Row row) {
    rows.add(row);
    draft = Memory.apply(draft, row);
  }

  /** The operation as the draft has it. */
  Operation operation(long number) {
    Operation operation = draft.operations().get(number);
    if (operation == null) {
      throw new IllegalStateException("no operation " + resource + "#" + number);
    }
    return operation;
  }

  void put(Operation operation) {
    row(new Row.PutOperation(operation));
  }

  void put(Operation operation, StepRecord step) {
    row(new Row.PutStep(operation.number(), step));
  }

  /** Moves the operation to another state and says so in the log. */
  void move(Operation operation, OperationState to, String note, @Nullable Actor actor) {
    put(operation.in(to, note, draft.now()));
    String word = to.name().toLowerCase(Locale.ROOT);
    String text =
        operation.type() + " " + word + (note.isEmpty() ? ": " + operation.reason() : ": " + note);
    log(severity(to), operation.type() + "-" + word, operation.number(), actor, text, Details.NONE);
  }

  void log(
      Severity severity,
      String code,
      long operation,
      @Nullable Actor actor,
      String text,
      Details details) {
    Event event =
        new Event(resource, draft.now().micros(), severity, code, operation, actor, text, details);
    rows.add(new Row.Append(event));
    after.add(new Effect.Publish(event));
  }

  private static Severity severity(OperationState state) {
    return switch (state) {
      case FAILED -> Severity.WARNING;
      case ATTENTION -> Severity.CRITICAL;
      case PROPOSED, QUEUED, RUNNING, WAITING, CANCELLING, DONE, CANCELLED, SUPERSEDED ->
          Severity.INFO;
    };
  }
}
