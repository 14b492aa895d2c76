package io.cotidal.objects.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.model.WhenUnknown;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import java.time.Duration;
import java.util.List;

/**
 * Give up the copy of one container at a site that its rules do not name: only what every site of
 * the rules has. Never without an approval, which is for the number of objects that it names.
 */
final class Withdraw implements OperationType<ObjectsSpec, ObjectsFacts> {
  static final String NAME = "withdraw";

  private static final Duration LONG = Duration.ofHours(12);

  static Wanted wanted(ObjectsFacts.Leaving one) {
    return new Wanted(
        NAME,
        Details.of(Acts.ACCOUNT, one.account())
            .with(Acts.CONTAINER, one.container())
            .with(Acts.LEAVING, one.site().name())
            .with(Acts.OBJECTS, one.objects())
            .with(Acts.BYTES, one.bytes()),
        "%s/%s: its rules do not name %s, where %d objects (%d bytes) are deleted; every site of the rules has them"
            .formatted(one.account(), one.container(), one.site(), one.objects(), one.bytes()),
        false);
  }

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
    return List.of(Rows.lock(input));
  }

  @Override
  public Duration deadline() {
    return LONG.plusHours(1);
  }

  @Override
  public Continuation steps(Details input, Run run, ObjectsSpec spec, State<ObjectsFacts> state) {
    Step act = act(input);
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (run.isDone(act.key())) {
      Details evidence = run.evidence(act.key());
      return evidence.get(Acts.OUTCOME, Acts.LEFT).equals(Acts.EQUAL)
          ? Continuation.finished()
          : new Continuation.GiveUp(evidence.get(Acts.WHY, "something is left there"));
    }
    return run.failures(act.key()) > 0
        ? new Continuation.GiveUp(run.problem(act.key()))
        : Continuation.rest(List.of(act));
  }

  private static Step act(Details input) {
    String container = input.need(Acts.ACCOUNT) + "/" + input.need(Acts.CONTAINER);
    String site = input.need(Acts.LEAVING);
    return Step.act(
            Acts.WITHDRAW, ObjectsSpec.NAMESPACE, "empty and delete " + container + " at " + site)
        .with(Acts.ACCOUNT, input.need(Acts.ACCOUNT))
        .with(Acts.CONTAINER, input.need(Acts.CONTAINER))
        .with(Acts.LEAVING, site)
        .with(Acts.OBJECTS, input.need(Acts.OBJECTS))
        .within(LONG)
        .whenUnknown(new WhenUnknown.RetryFor(LONG))
        .thenDecide();
  }
}
