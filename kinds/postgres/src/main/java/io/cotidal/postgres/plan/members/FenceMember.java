package io.cotidal.postgres.plan.members;

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
import io.cotidal.postgres.plan.succession.PluginSteps;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * End a member that takes writes, with proof: its processes are killed and seen gone; if that
 * cannot be had, a plug-in ends its machine and says so. It starts demoted only. Nobody is promoted
 * here: what follows is planned as after any other death.
 */
public final class FenceMember implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "fence";

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
    return List.of(Lock.resource());
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    Step kill =
        Step.act(
                Acts.FENCE,
                member,
                "kill every process of " + member + "; " + next(spec, state, member))
            .within(Duration.ofSeconds(5));
    boolean ended = run.isDone(kill.key()) || PluginSteps.stonithDone(spec, run, member);
    if (ended || run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    boolean gated = spec.server(member).filter(Server::gated).isPresent();
    if (gated && run.failures(kill.key()) < TRIES) {
      return Continuation.rest(List.of(kill));
    }
    Optional<Step> stonith = PluginSteps.stonith(spec, run, member);
    return stonith.isPresent()
        ? Continuation.rest(List.of(stonith.get()))
        : new Continuation.GiveUp(
            "nothing proves that " + member + " is ended: " + problem(run, kill));
  }

  private static String problem(Run run, Step kill) {
    String problem = run.problem(kill.key());
    return problem.isEmpty() ? "it has no gate, and no plug-in says that it ended it" : problem;
  }

  /** What follows, for who reads the steps before they run. */
  private static String next(PostgresSpec spec, State<PgFacts> state, MemberId member) {
    boolean primary = Ledger.of(state.ledger()).primary().equals(Optional.of(member));
    if (!primary) {
      return "it comes back as a replica by rejoin";
    }
    return spec.failover().automatic()
        ? "a failover follows by itself"
        : "a failover waits for an approval then";
  }
}
