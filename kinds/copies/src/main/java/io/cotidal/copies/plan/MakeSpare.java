package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;

/** Make a copy that nobody owns yet, start it and pause it. */
final class MakeSpare implements OperationType<CopiesSpec, CopiesFacts> {
  static final String NAME = "warm";

  /**
   * Input: the newest place that came to something when it was wanted. One spare after the other is
   * wanted as soon as spares are handed out, and must not be taken for the same that does not work;
   * one that fails is wanted again after the same place, and waits.
   */
  static final String AFTER = "after";

  /** Input: which of those that are made at a time; each has a lock of its own. */
  static final String SLOT = "slot";

  private static final String RESERVE = "reserve";
  private static final String SOURCE = "source";
  private static final Duration LIMIT = Duration.ofMinutes(10);

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
    return List.of(lock(Integer.parseInt(input.get(SLOT, "0"))));
  }

  static Lock lock(int slot) {
    return new Lock("warm " + slot, true);
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    Details reserved = run.evidence(RESERVE);
    String id = reserved.get(Acts.ID, Shelf.place("c", run.operation(), state));
    String generation = input.need(Acts.GENERATION);
    String source = reserved.get(SOURCE, new Shelf(state).place(generation));
    Details facts = Details.of(Acts.GENERATION, generation).with(Acts.ID, id);
    Step reserve =
        Step.decision(RESERVE, "reserve " + id + " of " + generation, facts.with(SOURCE, source))
            .changing(new ItemChange.Put(Shelf.SPARE, id, "", Shelf.CREATING, facts, 0));
    Step make =
        Changes.act(Acts.SPARE, id, "copy " + generation + " to " + id + ", start it, pause it")
            .with(Acts.GENERATION, source)
            .within(LIMIT)
            .changing(new ItemChange.Put(Shelf.SPARE, id, "", Shelf.READY, Start.reached(), 0));
    if (run.isDone(make.key())) {
      return Continuation.finished();
    }
    if (!run.isDone(RESERVE)) {
      return run.occasion() == Run.Occasion.CANCEL
          ? Continuation.finished()
          : Continuation.rest(List.of(reserve, make.after(reserve)));
    }
    Step removal = Changes.remove(Shelf.SPARE, id, id);
    return Changes.undoing(run, removal, make)
        ? Changes.undo(run, removal, make)
        : Continuation.rest(List.of(make));
  }
}
