package io.cotidal.objects.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.spec.ObjectsSpec;
import java.time.Duration;
import java.util.List;

/** Tell the gateway of one site where containers lie and which sites serve clients. */
final class Announce implements OperationType<ObjectsSpec, ObjectsFacts> {
  static final String NAME = "announce";

  private static final Duration EACH = Duration.ofSeconds(30);

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
    return List.of(new Lock(NAME + ":" + input.need(Acts.SITE), true));
  }

  @Override
  public Duration deadline() {
    return EACH.multipliedBy(4);
  }

  @Override
  public Continuation steps(Details input, Run run, ObjectsSpec spec, State<ObjectsFacts> state) {
    Step act = act(new MemberId(input.need(Acts.SITE)));
    if (run.isDone(act.key()) || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    return run.failures(act.key()) > 0
        ? new Continuation.GiveUp(run.problem(act.key()))
        : Continuation.rest(List.of(act));
  }

  /** The act, which changes nothing if the site has it already. */
  static Step act(MemberId site) {
    return Step.act(Acts.ANNOUNCE, site, "tell the gateway of " + site + " which sites serve what")
        .within(EACH)
        .whenUnknown(new WhenUnknown.RetryFor(EACH));
  }
}
