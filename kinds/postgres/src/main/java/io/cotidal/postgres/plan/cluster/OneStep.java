package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Step;
import java.util.List;

/** Operations of one step. */
public final class OneStep {
  private OneStep() {}

  /** Ends after one try: what is still wrong is planned again, with a pause. */
  public static Continuation once(Run run, Step step) {
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(step.key())) {
      return Continuation.finished();
    }
    return run.failures(step.key()) > 0
        ? new Continuation.GiveUp(run.problem(step.key()))
        : Continuation.rest(List.of(step));
  }
}
