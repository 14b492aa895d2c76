package io.cotidal.directory.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a graph of steps remains to be done. */
final class Works {
  /**
   * A step that failed so often is left out, with all that needs it; planning takes it up again.
   */
  static final int TRIES = 2;

  private Works() {}

  /**
   * What remains.
   *
   * @param all every step, each after those that it needs; a need that is not among them is done
   */
  static Continuation rest(Run run, List<Step> all) {
    Set<String> lost = new HashSet<>();
    List<Step> rest = new ArrayList<>();
    String why = "";
    for (Step step : all) {
      if (run.isDone(step.key())) {
        continue;
      }
      if (run.failures(step.key()) >= TRIES) {
        lost.add(step.key());
        why = why.isEmpty() ? step.sentence() + ": " + run.problem(step.key()) : why;
      } else if (step.needs().stream().anyMatch(lost::contains)) {
        lost.add(step.key());
      } else {
        rest.add(step);
      }
    }
    if (!rest.isEmpty()) {
      return Continuation.rest(rest);
    }
    return why.isEmpty() ? Continuation.finished() : new Continuation.GiveUp(why);
  }

  /** Whether every step is done or is not tried any more. */
  static boolean over(Run run, List<Step> all) {
    return !(rest(run, all) instanceof Continuation.Rest rest) || rest.steps().isEmpty();
  }
}
