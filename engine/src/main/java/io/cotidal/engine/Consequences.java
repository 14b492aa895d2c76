package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Severity;
import io.cotidal.model.Spec;
import java.util.List;

/** What follows from changed facts: the verdict, what goes on, what begins. */
final class Consequences<S extends Spec, F> {
  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Admission<S, F> admission;
  private final Deadlines<S, F> deadlines;
  private final RollCall roll = new RollCall();
  private String diagnosed = "";
  private Details remarked = Details.NONE;
  private boolean quiet;

  Consequences(Kind<S, F> kind, Operations<S, F> operations, Admission<S, F> admission) {
    this.kind = kind;
    this.operations = operations;
    this.admission = admission;
    this.deadlines = new Deadlines<>(kind, operations);
  }

  /** What was logged last was not written. */
  void forgetLogged() {
    diagnosed = "";
    remarked = Details.NONE;
    roll.forget();
  }

  /** Whether time alone changes nothing. */
  boolean quiet() {
    return quiet;
  }

  /** Everything that is under way goes on under this owner. */
  void takeOver(Turn<F> turn, S spec) {
    // What was said before may have been said by another one since.
    remarked = Details.NONE;
    turn.log(
        Severity.INFO,
        "leading",
        0,
        null,
        "leads in epoch " + turn.state().epoch(),
        Details.of("epoch", turn.state().epoch()));
    for (Operation operation : List.copyOf(turn.state().operations().values())) {
      if (operation.state() == OperationState.CANCELLING) {
        operations.ask(turn, spec, operation.number(), Run.Occasion.CANCEL);
      } else if (operation.state().underWay()) {
        operations.ask(turn, spec, operation.number(), Run.Occasion.TAKE_OVER);
      }
    }
  }

  /**
   * Draws them.
   *
   * @param seen whether every member has been looked at since the last act on it
   */
  void draw(Turn<F> turn, S spec, boolean seen) {
    roll.call(turn);
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
    remark(turn, spec);
    for (Operation operation : List.copyOf(turn.state().operations().values())) {
      if (operation.state() == OperationState.WAITING) {
        operations.ask(turn, spec, operation.number(), Run.Occasion.AGAIN);
      }
    }
    deadlines.check(turn, spec);
    admission.startQueued(turn, spec);
    boolean wanting = seen && admission.plan(turn, spec);
    quiet =
        !wanting
            && diagnosis.severity() == Severity.INFO
            && turn.state().open().findAny().isEmpty()
            && turn.state().departed().isEmpty()
            && turn.state().members().values().stream().allMatch(MemberState::answers);
  }

  private void remark(Turn<F> turn, S spec) {
    Remarks remarks = kind.remark(spec, turn.state(), remarked);
    for (Remarks.Remark each : remarks.said()) {
      turn.log(each.severity(), each.code(), 0, null, each.text(), each.details());
    }
    remarked = remarks.memory();
  }
}
