package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An operation of one act that may be done again at any time: it is done, or it fails and is tried
 * later.
 *
 * @param name of the type
 * @param limit how long the act may take
 * @param act the act for an input
 */
record Single(String name, Duration limit, Function<Details, Step> act)
    implements OperationType<FeedsSpec, FeedsFacts> {
  /** Say that a revision is applied. */
  static final String MARK = "mark";

  /** Drop generations that nobody reads. */
  static final String CLEAN = "clean";

  /** Input: names of the jobs whose tables are concerned, parted by blanks. */
  static final String JOBS = "jobs";

  private static final Duration LONG = Duration.ofMinutes(30);
  private static final Duration SHORT = Duration.ofMinutes(2);

  static Single mark() {
    return new Single(
        MARK,
        SHORT,
        input ->
            Step.act(
                    Acts.MARK,
                    FeedsSpec.REPOSITORY,
                    "say that revision " + input.need(Acts.COMMIT) + " is applied")
                .with(Acts.COMMIT, input.need(Acts.COMMIT)));
  }

  static Single clean() {
    return new Single(
        CLEAN,
        LONG,
        input ->
            Step.act(
                    Acts.TRIM,
                    FeedsSpec.DATABASE,
                    "drop what nobody reads: " + input.need(Acts.TABLES))
                .with(Acts.TABLES, input.need(Acts.TABLES)));
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    List<Lock> locks = new ArrayList<>(List.of(new Lock(name, true)));
    // Whoever works on one of these jobs may want what is to be dropped.
    for (String job : input.get(JOBS, "").split(" ")) {
      if (!job.isEmpty()) {
        locks.addAll(Jobs.lock(job));
      }
    }
    return locks;
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Step step =
        act.apply(input).within(limit).whenUnknown(new WhenUnknown.RetryFor(limit)).thenDecide();
    if (run.isDone(step.key()) || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    return run.failures(step.key()) > 0
        ? new Continuation.GiveUp(run.problem(step.key()))
        : Continuation.rest(List.of(step));
  }
}
