package io.cotidal.postgres.plan.proxying;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Forwarding;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.PluginSteps;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of primary through proxies. In a switchover those that can hold their clients back do so
 * before the old primary stops, and every proxy is pointed at the new one as soon as it is
 * promoted. Whatever keeps the old primary from being stopped lets the clients go again. A proxy
 * that cannot be pointed undoes nothing: it is stale, and {@link Repoint} tries again.
 */
record Proxied(ServersOnly type) implements Forwarding<PostgresSpec, PgFacts> {
  Proxied(OperationType<PostgresSpec, PgFacts> change) {
    this(new ServersOnly(change));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Continuation answer = type.steps(input, run, spec, state);
    boolean alone = spec.practice().proxies().isEmpty() && spec.practice().plugins().isEmpty();
    if (alone || !input.has(Inputs.FROM)) {
      return answer;
    }
    MemberId old = new MemberId(input.need(Inputs.FROM));
    ProxySteps proxies = new ProxySteps(spec, run, old);
    List<Step> letGo = proxies.letGo();
    return switch (answer) {
      case Continuation.Rest rest -> {
        boolean ends = run.occasion() == Run.Occasion.CANCEL || proxies.refusal().isPresent();
        if (ends && !proxies.stopped()) {
          yield letGo.isEmpty() ? ending(proxies) : Continuation.rest(letGo);
        }
        List<Step> cuts =
            name().equals(FailoverType.NAME) ? proxies.cutsBefore(rest.steps()) : List.<Step>of();
        yield Continuation.rest(cuts.isEmpty() ? pointed(rest.steps(), spec, proxies, run) : cuts);
      }
      case Continuation.GiveUp gaveUp -> letGo.isEmpty() ? gaveUp : Continuation.rest(letGo);
      case Continuation.Moot moot -> letGo.isEmpty() ? moot : Continuation.rest(letGo);
      case Continuation.Wait wait -> wait;
      case Continuation.Stuck stuck -> stuck;
    };
  }

  private static Continuation ending(ProxySteps proxies) {
    return proxies
        .refusal()
        .<Continuation>map(Continuation.GiveUp::new)
        .orElseGet(Continuation::finished);
  }

  private static List<Step> pointed(
      List<Step> steps, PostgresSpec spec, ProxySteps proxies, Run run) {
    List<Step> all = new ArrayList<>(proxies.paused(steps));
    for (Step step : steps) {
      if (step.act().equals(Acts.PROMOTE) && step.member() != null) {
        all.addAll(proxies.point(step));
        all.addAll(PluginSteps.after(spec, step.member(), step));
        return all;
      }
    }
    if (run.occasion() != Run.Occasion.FAILURE) {
      all.addAll(proxies.pointAtPromoted());
      all.addAll(PluginSteps.left(spec, run));
    }
    return all;
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    List<Step> steps = type.predicted(input, spec, state);
    if (!input.has(Inputs.FROM)) {
      return steps;
    }
    MemberId old = new MemberId(input.need(Inputs.FROM));
    return pointed(steps, spec, new ProxySteps(spec, Run.begin(), old), Run.begin());
  }
}
