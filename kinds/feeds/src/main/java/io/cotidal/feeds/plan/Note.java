package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * An operation that only changes what is remembered.
 *
 * @param name of the type
 * @param change the decision that does it, for an input
 */
record Note(String name, BiFunction<Details, Picture, Step> change)
    implements OperationType<FeedsSpec, FeedsFacts> {
  /** The jobs that went because they were absent are counted no more. */
  static final String FORGET = "forget";

  /** A job that failed is tried at once, and nothing holds it at an earlier generation. */
  static final String RETRY = "retry";

  static Note forget() {
    return new Note(
        FORGET,
        (_, picture) -> {
          ItemChange[] taken =
              picture.state().items(Absent.GONE).stream()
                  .map(item -> new ItemChange.Drop(item.sort(), item.name()))
                  .toArray(ItemChange[]::new);
          return Step.decision(FORGET, "count absent jobs anew", Details.NONE).changing(taken);
        });
  }

  static Note retry() {
    return new Note(
        RETRY,
        (input, picture) -> {
          Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
          Step decision = Step.decision(RETRY, "try " + subject + " at once", Details.NONE);
          Optional<Item> item = picture.item(subject);
          Details cleared = Jobs.retried().with(Jobs.HELD, "");
          return item.isEmpty()
              ? decision
              : decision.changing(Jobs.put(subject, item.get().state(), cleared));
        });
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return input.find(Acts.NAME).map(Jobs::lock).orElseGet(() -> List.of(new Lock(name, true)));
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Step step = change.apply(input, new Picture(spec, state));
    return run.isDone(step.key()) || run.occasion() == Run.Occasion.CANCEL
        ? Continuation.finished()
        : Continuation.rest(List.of(step));
  }
}
