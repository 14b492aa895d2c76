package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.plan.Jobs;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.model.Step;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.util.function.Consumer;

/** One word of the planner's, made real. Both calls happen inside the job's gate. */
interface Act {
  /** Does it, reads the effect back and gives the evidence. May be called again at any time. */
  Details act(Turn turn) throws ActFailed, InterruptedException;

  /** Looks whether the effect is there. */
  Inspection inspect(Turn turn) throws ActFailed, InterruptedException;

  /**
   * One act or inspection under way.
   *
   * @param deadline when it must have ended
   */
  record Turn(Step step, Deadline deadline, Consumer<Progress> progress) {
    /** The argument of that name. */
    String need(String name) {
      return step.arguments().need(name);
    }

    /** Whether the argument of that name says so. */
    boolean says(String name) {
      return Boolean.parseBoolean(step.arguments().get(name, "false"));
    }

    /** What it is about. */
    Subject subject() throws ActFailed {
      String key = need(Acts.KEY);
      return Jobs.subject(key).orElseThrow(() -> new ActFailed("'" + key + "' names no job"));
    }

    /** Where. */
    MemberId member() throws ActFailed {
      MemberId member = step.member();
      if (member == null) {
        throw new ActFailed(step.act() + " needs a member");
      }
      return member;
    }
  }
}
