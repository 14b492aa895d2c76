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
 * Put a generation's data in the place of a copy's; port and password stay. The generation is the
 * copy's own, or the current one if that was asked for.
 */
final class Reset implements OperationType<CopiesSpec, CopiesFacts> {
  static final String NAME = "reset";

  private static final String BEGIN = "begin";
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int TRIES = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Changes.lock(Shelf.COPY, input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String name = input.need(Acts.NAME);
    Optional<Item> copy = new Shelf(state).copy(name);
    if (copy.isEmpty()) {
      return new Continuation.Moot("copy " + name + " is gone");
    }
    Item item = copy.get();
    String generation = input.need(Acts.GENERATION);
    String id = Shelf.id(item);
    String source = new Shelf(state).place(generation);
    Step begin =
        Step.decision(BEGIN, "its data is no longer what it was", Details.NONE)
            .changing(Changes.to(item, Shelf.RESETTING, Details.of(Acts.GENERATION, generation)));
    Step reset =
        Changes.act(Acts.RESET, id, "put " + generation + " in the place of " + id + "'s data")
            .with(Acts.GENERATION, source)
            .within(LIMIT)
            .noReturn()
            .changing(Changes.to(item, Shelf.READY, Start.reached()));
    Step broken =
        Step.decision("broken", "its data is whole no more", Details.NONE)
            .changing(Changes.to(item, Shelf.BROKEN, Details.NONE))
            .thenDecide();
    if (run.isDone(reset.key())) {
      return Continuation.finished();
    }
    if (run.isDone(broken.key())) {
      return new Continuation.GiveUp(run.problem(reset.key()));
    }
    if (run.failures(reset.key()) >= TRIES) {
      return Continuation.rest(List.of(broken));
    }
    if (run.occasion() == Run.Occasion.CANCEL) {
      // Its data went with the first attempt, whatever came of that.
      return run.isDone(BEGIN) ? Continuation.rest(List.of(broken)) : Continuation.finished();
    }
    return run.isDone(BEGIN)
        ? Continuation.rest(List.of(reset))
        : Continuation.rest(List.of(begin, reset.after(begin)));
  }
}
