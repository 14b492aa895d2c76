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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Remove an item with all that belongs to it. A creation under way makes way; what it has begun is
 * removed with the rest.
 */
final class Remove implements OperationType<CopiesSpec, CopiesFacts> {
  /** Removes a copy. */
  static final String DELETE = "delete";

  /** Removes a spare or an old generation, or a folder that belongs to nothing. */
  static final String COLLECT = "collect";

  /** Input of {@link #COLLECT}: the item's sort; empty for a folder that belongs to nothing. */
  static final String SORT = "sort";

  private static final String BEGIN = "begin";
  private static final int TRIES = 5;

  private final String name;

  Remove(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public boolean preempts() {
    return name.equals(DELETE);
  }

  @Override
  public List<Lock> locks(Details input) {
    return Changes.lock(sort(input), input.need(Acts.NAME));
  }

  private String sort(Details input) {
    return name.equals(DELETE) ? Shelf.COPY : input.get(SORT, "folder");
  }

  /** Links that lead to a generation which goes lead to the current one afterwards. */
  private static Step remove(String sort, String name, String id, State<CopiesFacts> state) {
    Step remove = Changes.remove(sort, name, id);
    Optional<Item> current =
        sort.equals(Shelf.GENERATION) ? new Shelf(state).current() : Optional.empty();
    return current
        .filter(item -> !item.name().equals(name))
        .map(item -> remove.with(Acts.INSTEAD, Shelf.id(item)))
        .orElse(remove);
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String sort = sort(input);
    String item = input.need(Acts.NAME);
    Item found = state.item(sort, item);
    String id = found == null ? run.evidence(BEGIN).get(Acts.ID, item) : Shelf.id(found);
    if (found == null && sort.equals(Shelf.COPY) && !run.isDone(BEGIN)) {
      return new Continuation.Moot("copy " + item + " is gone");
    }
    Step remove = remove(sort, item, id, state).noReturn();
    if (run.isDone(remove.key()) || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (run.failures(remove.key()) >= TRIES) {
      return new Continuation.GiveUp(run.problem(remove.key()));
    }
    List<Step> steps = new ArrayList<>();
    if (!run.isDone(BEGIN)) {
      Step begin = Step.decision(BEGIN, item + " is to go", Details.of(Acts.ID, id));
      steps.add(
          found == null ? begin : begin.changing(Changes.to(found, Shelf.DELETING, Details.NONE)));
      remove = remove.after(begin);
    }
    steps.add(remove);
    return Continuation.rest(steps);
  }
}
