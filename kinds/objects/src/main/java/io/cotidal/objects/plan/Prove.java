package io.cotidal.objects.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import java.time.Duration;
import java.util.List;

/** Read every listing at every site, compare, and sign what was found. Changes nothing. */
final class Prove implements OperationType<ObjectsSpec, ObjectsFacts> {
  static final String NAME = "prove";

  private static final Duration LONG = Duration.ofHours(4);

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
    return List.of(new Lock(NAME, true));
  }

  @Override
  public Duration deadline() {
    return LONG.plusHours(1);
  }

  @Override
  public Continuation steps(Details input, Run run, ObjectsSpec spec, State<ObjectsFacts> state) {
    Step act =
        Step.act(Acts.PROVE, ObjectsSpec.NAMESPACE, "compare every listing of every site, and sign")
            .with(Acts.ACCOUNT, input.get(Acts.ACCOUNT, ""))
            .with(Acts.CONTAINER, input.get(Acts.CONTAINER, ""))
            .within(LONG)
            .whenUnknown(new WhenUnknown.RetryFor(LONG))
            .thenDecide();
    if (run.isDone(act.key()) || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    return run.failures(act.key()) > 0
        ? new Continuation.GiveUp(run.problem(act.key()))
        : Continuation.rest(List.of(act));
  }
}
