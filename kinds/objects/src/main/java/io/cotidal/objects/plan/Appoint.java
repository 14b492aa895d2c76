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
import io.cotidal.objects.spec.Site.Role;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Let clients of a site in, or refuse them: first it is kept, then the gateways of all sites that
 * answer are told. A site that does not answer is told when it is back, by the plan.
 *
 * @param name of the type
 * @param role that the site gets
 */
record Appoint(String name, Role role) implements OperationType<ObjectsSpec, ObjectsFacts> {
  /** Clients are served there from now on. */
  static final Appoint PROMOTE = new Appoint("promote", Role.ACTIVE);

  /** They are refused there from now on. */
  static final Appoint DEMOTE = new Appoint("demote", Role.BACKUP);

  private static final Duration KEEP = Duration.ofSeconds(30);

  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(new Lock("roles", true));
  }

  @Override
  public Duration deadline() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Continuation steps(Details input, Run run, ObjectsSpec spec, State<ObjectsFacts> state) {
    Step keep = keep(input.need(Acts.SITE));
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (run.failures(keep.key()) > 0) {
      return new Continuation.GiveUp(run.problem(keep.key()));
    }
    if (!run.isDone(keep.key())) {
      return Continuation.rest(List.of(keep));
    }
    Picture picture = new Picture(spec, state);
    List<Step> told =
        picture.answering().stream()
            .map(Announce::act)
            .filter(each -> !run.isDone(each.key()) && run.failures(each.key()) == 0)
            .toList();
    return Continuation.rest(told);
  }

  private Step keep(String site) {
    String word = role.name().toLowerCase(Locale.ROOT);
    return Step.act(Acts.APPOINT, ObjectsSpec.NAMESPACE, "keep that " + site + " is " + word)
        .with(Acts.SITE, site)
        .with(Acts.ROLE, word)
        .within(KEEP)
        .whenUnknown(new WhenUnknown.RetryFor(KEEP))
        .thenDecide();
  }
}
