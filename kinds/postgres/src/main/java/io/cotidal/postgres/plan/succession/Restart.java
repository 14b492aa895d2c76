package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
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
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stop a member in order and start it again. A primary comes back in its place: demoted first, as
 * every server is, then promoted; the replicas wait for it. From its stop on nothing pushes the
 * operation aside; if it does not come back, the operation has failed and the usual failover
 * follows.
 */
public final class Restart implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.RESTART;

  private static final int TRIES = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return inPlace(input)
        ? List.of(Lock.resource())
        : List.of(Lock.member(Inputs.member(input, Inputs.MEMBER)));
  }

  /** Whether it is the primary that is restarted. */
  private static boolean inPlace(Details input) {
    return input.has(Inputs.FROM);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Continuation rest =
        inPlace(input)
            ? primary(Inputs.member(input, Inputs.FROM), run, spec, state)
            : replica(input, run, state);
    // Whoever is restarted on purpose takes what waits for it.
    return rest instanceof Continuation.Rest steps ? Continuation.rest(fresh(steps.steps())) : rest;
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    if (!inPlace(input)) {
      return List.of();
    }
    MemberId old = Inputs.member(input, Inputs.FROM);
    return List.of(
        ColdStart.start(old),
        Succession.cutOff(old, old),
        Step.act(Acts.PROMOTE, old, "promote " + old + " again"));
  }

  /** Every start with the values that are declared now. */
  public static List<Step> fresh(List<Step> steps) {
    return steps.stream()
        .map(step -> step.act().equals(Acts.START) ? step.with(Acts.SETTINGS, Acts.NEW) : step)
        .toList();
  }

  private static Continuation replica(Details input, Run run, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    MemberId upstream = Inputs.upstream(input);
    Step stop =
        Step.act(Acts.STOP, member, "stop " + member + " in order").within(Duration.ofSeconds(30));
    Step start =
        Step.act(Acts.START, member, "start " + member + " as a replica of " + upstream)
            .with(Acts.UPSTREAM, upstream)
            .with(Acts.STREAM, true)
            .within(Duration.ofSeconds(60));
    boolean down = run.isDone(stop.key());
    if (run.isDone(start.key()) || (run.occasion() == Run.Occasion.CANCEL && !down)) {
      return Continuation.finished();
    }
    if (run.failures(stop.key()) > 0 && !down) {
      return new Continuation.GiveUp(member + " did not stop: " + run.problem(stop.key()));
    }
    if (run.failures(start.key()) >= TRIES) {
      return new Continuation.GiveUp(member + " did not come back: " + run.problem(start.key()));
    }
    MemberState<PgFacts> known = state.member(member);
    boolean needless = run.last(stop.key()).isEmpty() && known != null && ColdStart.stopped(known);
    return down || needless
        ? Continuation.rest(List.of(start))
        : Continuation.rest(List.of(stop, start.after(stop)));
  }

  private static Continuation primary(
      MemberId old, Run run, PostgresSpec spec, State<PgFacts> state) {
    Step stop = Switchover.stop(old);
    if (!run.isDone(stop.key())) {
      if (run.occasion() == Run.Occasion.CANCEL) {
        return Continuation.finished();
      }
      return run.failures(stop.key()) > 0
          ? new Continuation.GiveUp(old + " did not stop: " + run.problem(stop.key()))
          : Continuation.rest(Switchover.opening(run, old, stop));
    }
    Optional<Continuation> late = Succession.tooLate(run, state, old);
    if (late.isPresent()) {
      return late.get();
    }
    for (Step step : List.of(ColdStart.start(old), Succession.cutOff(old, old))) {
      if (run.failures(step.key()) >= TRIES) {
        return new Continuation.GiveUp(old + " did not come back: " + run.problem(step.key()));
      }
      if (!run.isDone(step.key())) {
        return Continuation.rest(List.of(step));
      }
    }
    Continuation rest =
        new Succession(
                spec,
                state,
                run,
                new Succession.Plan(old, Optional.of(old), true, "it was stopped in order", 0))
            .rest();
    return switch (rest) {
      case Continuation.Rest steps -> steps;
      // It is a standby or gone: what follows is planned like after any other death.
      case Continuation.Wait wait -> new Continuation.GiveUp(wait.reason());
      case Continuation.Stuck stuck -> new Continuation.GiveUp(stuck.reason());
      case Continuation.Moot moot -> moot;
      case Continuation.GiveUp gaveUp -> gaveUp;
    };
  }
}
