package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Compare a copy with the generation it was made from: a second copy is made for that, asked, and
 * removed. What differs is the evidence of the step.
 */
final class Compare implements OperationType<CopiesSpec, CopiesFacts> {
  static final String NAME = "compare";

  /** Input and argument: the id of the copy that is made to compare with. */
  static final String BESIDE = "beside";

  private static final Duration LIMIT = Duration.ofMinutes(30);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Changes.lock(Shelf.COPY, input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String name = input.need(Acts.NAME);
    Optional<Item> copy = new Shelf(state).copy(name);
    String beside = input.need(BESIDE);
    String source = new Shelf(state).place(input.need(Acts.GENERATION));
    Step compare =
        Changes.act(
                Acts.COMPARE,
                copy.map(Shelf::id).orElse(name),
                "compare " + name + " with " + input.need(Acts.GENERATION))
            .with(Acts.GENERATION, source)
            .with(BESIDE, beside)
            .within(LIMIT);
    Step remove = Changes.act(Acts.REMOVE, beside, "remove " + beside).thenDecide();
    if (run.isDone(remove.key())) {
      String problem = run.problem(compare.key());
      return problem.isEmpty() ? Continuation.finished() : new Continuation.GiveUp(problem);
    }
    if (run.failures(remove.key()) > 2) {
      return new Continuation.GiveUp(run.problem(remove.key()));
    }
    boolean ended = run.isDone(compare.key()) || run.failures(compare.key()) > 0;
    if (ended || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.rest(List.of(remove));
    }
    return copy.isEmpty()
        ? new Continuation.Moot("copy " + name + " is gone")
        : Continuation.rest(List.of(compare, remove.after(compare)));
  }
}
