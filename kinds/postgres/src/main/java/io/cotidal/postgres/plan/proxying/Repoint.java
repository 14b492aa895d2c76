package io.cotidal.postgres.plan.proxying;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Point one proxy at the primary: it leads elsewhere, or an operation left it paused. */
final class Repoint implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "repoint";

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
    return List.of(Lock.member(new MemberId(input.need(Inputs.MEMBER))));
  }

  @Override
  public Duration longestPause() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId proxy = new MemberId(input.need(Inputs.MEMBER));
    MemberId primary = new MemberId(input.need(Inputs.PRIMARY));
    Optional<Proxy> known = spec.proxy(proxy);
    if (known.isEmpty()) {
      return new Continuation.Moot(proxy + " is not in the configuration any more");
    }
    Step point = ProxySteps.point(known.get(), primary);
    for (String readers : List.of(Acts.ATTACH, Acts.DETACH)) {
      point = input.has(readers) ? point.with(readers, input.need(readers)) : point;
    }
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(point.key())) {
      return Continuation.finished();
    }
    if (!Ledger.of(state.ledger()).primary().equals(Optional.of(primary))) {
      return new Continuation.Moot(primary + " is not primary any more");
    }
    return run.failures(point.key()) > 0
        ? new Continuation.GiveUp(run.problem(point.key()))
        : Continuation.rest(List.of(point));
  }
}
