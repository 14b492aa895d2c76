package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Progress;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.function.Consumer;

/** One word of the planner's, made real. Both calls happen inside the place's gate. */
interface Act {
  /**
   * Does it, reads the effect back and gives the evidence. Begins by removing what an earlier
   * attempt of its own may have left.
   *
   * @throws EngineException if it took no effect that counts
   */
  Details act(Turn turn) throws EngineException, IOException, InterruptedException;

  /** Looks whether the effect is there. */
  Inspection inspect(Turn turn) throws IOException, InterruptedException;

  /**
   * One act or inspection under way.
   *
   * @param id of the place that it concerns
   * @param deadline when it must have ended
   */
  record Turn(Step step, String id, Deadline deadline, Consumer<Progress> progress) {
    /** The argument of that name. */
    String need(String name) {
      return step.arguments().need(name);
    }
  }
}
