package io.cotidal.objects.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Make one container the same at all its sites: first the container, then what is in it. One act, a
 * batch with a cursor of its own: what was done is not done again when it goes on, and doing any of
 * it twice changes nothing.
 *
 * @param name of the type
 * @param risk of it: with an approval for deletions it destroys data
 */
record Converge(String name, Risk risk) implements OperationType<ObjectsSpec, ObjectsFacts> {
  /** Everything but more deletions than go without asking. */
  static final Converge USUAL = new Converge("converge", Risk.SAFE);

  /** The deletions that wait for somebody's word, too. */
  static final Converge DELETING = new Converge("delete-objects", Risk.IRREVERSIBLE);

  private static final Duration LONG = Duration.ofHours(12);
  private static final String NOTED = "note";

  @Override
  public List<Lock> locks(Details input) {
    return List.of(Rows.lock(input));
  }

  @Override
  public Duration deadline() {
    return LONG.plusHours(1);
  }

  @Override
  public Continuation steps(Details input, Run run, ObjectsSpec spec, State<ObjectsFacts> state) {
    Step act = act(input);
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(NOTED)) {
      return Continuation.finished();
    }
    Optional<Item> row = Rows.find(state, input.need(Acts.ACCOUNT), input.need(Acts.CONTAINER));
    if (run.isDone(act.key())) {
      return noted(input, run.evidence(act.key()), row, state);
    }
    if (run.failures(act.key()) > 0) {
      Details why = Details.of(Acts.WHY, run.problem(act.key()));
      return noted(input, why, row, state);
    }
    return Continuation.rest(List.of(act));
  }

  private static Step act(Details input) {
    String container = input.need(Acts.ACCOUNT) + "/" + input.need(Acts.CONTAINER);
    return Step.act(
            Acts.CONVERGE, ObjectsSpec.NAMESPACE, "make " + container + " the same everywhere")
        .with(Acts.ACCOUNT, input.need(Acts.ACCOUNT))
        .with(Acts.CONTAINER, input.need(Acts.CONTAINER))
        .with(Acts.DELETIONS, input.get(Acts.DELETIONS, "0"))
        .within(LONG)
        .whenUnknown(new WhenUnknown.RetryFor(LONG))
        .thenDecide();
  }

  /** What is left stands in a row, which paces the next try; what is equal needs none. */
  private static Continuation noted(
      Details input, Details evidence, Optional<Item> row, State<ObjectsFacts> state) {
    boolean equal = evidence.get(Acts.OUTCOME, Acts.LEFT).equals(Acts.EQUAL);
    if (equal && row.isEmpty()) {
      return Continuation.finished();
    }
    long now = state.now().micros();
    Step note =
        equal
            ? Step.decision(NOTED, "nothing is left to do", evidence).changing(Rows.gone(input))
            : Step.decision(NOTED, "left: " + evidence.get(Acts.WHY, "unknown"), evidence)
                .changing(Rows.left(input, row, evidence, now));
    return Continuation.rest(List.of(note));
  }
}
