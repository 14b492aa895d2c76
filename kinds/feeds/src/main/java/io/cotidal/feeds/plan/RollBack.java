package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Let a table's view read an earlier generation again, and keep it so until its job brings other
 * data.
 */
final class RollBack implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "roll-back";

  /** Input: digest of the data that is rolled back from. */
  static final String FROM = "from";

  /** Input: digest of the data that will be read. */
  static final String TO = "to";

  private static final String RECORD = "record";
  private static final int TRIES = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Jobs.lock(input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
    Work work = new Work(subject, "");
    Step swap = work.back(input.need(Acts.TARGET), input.need(Acts.GENERATION));
    if (run.occasion() == Run.Occasion.CANCEL && !run.isDone(swap.key())) {
      return Continuation.finished();
    }
    if (!run.isDone(swap.key())) {
      return run.failures(swap.key()) >= TRIES
          ? new Continuation.GiveUp(run.problem(swap.key()))
          : Continuation.rest(List.of(swap.thenDecide()));
    }
    if (run.isDone(RECORD)) {
      return Continuation.finished();
    }
    Picture picture = new Picture(spec, state);
    List<Step> rest = new ArrayList<>();
    Set<String> resets = new HashSet<>();
    if (run.occasion() != Run.Occasion.CANCEL) {
      for (MemberId server : picture.servers()) {
        Step reset = work.reset(server);
        // A GeoServer that does not take it now reads the columns anew at its next publication.
        if (run.last(reset.key()).isEmpty()) {
          rest.add(reset);
          resets.add(reset.key());
        }
      }
    }
    rest.add(record(input, picture, subject).after(resets).thenDecide());
    return Continuation.rest(rest);
  }

  private static Step record(Details input, Picture picture, Subject subject) {
    Details row =
        Details.of(Jobs.HELD, input.need(FROM))
            .with(Jobs.DATA, input.need(TO))
            .with(Acts.GENERATION, input.need(Acts.GENERATION))
            .with(Acts.PREVIOUS, "")
            .with(Jobs.NOTED, picture.noted());
    return Step.decision(
            RECORD, "note that " + subject + " was rolled back, and is held", Details.NONE)
        .changing(Jobs.put(subject, Jobs.PUBLISHED, row));
  }
}
