package io.cotidal.postgres.plan.succession;

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
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Move the primary's role in order: stop it, see that everything arrived, promote, take it back as
 * a replica.
 */
public final class Switchover implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.SWITCHOVER;

  private static final String CLOSER = "follow the primary itself";

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
    return List.of(Lock.resource());
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId old = new MemberId(input.need(Inputs.FROM));
    Step stop = stop(old);
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (!run.isDone(stop.key())) {
      if (run.failures(stop.key()) > 0) {
        return new Continuation.GiveUp(old + " did not stop: " + run.problem(stop.key()));
      }
      if (run.last(stop.key()).isEmpty()) {
        Candidates likely = succession(input, run, spec, state, old, stop).likely();
        if (!likely.enough()) {
          return new Continuation.GiveUp(likely.outlook() + "; " + old + " is left as it is");
        }
      }
      return closer(input, run, spec, state)
          .orElseGet(() -> Continuation.rest(opening(run, old, stop)));
    }
    Continuation rest = succession(input, run, spec, state, old, stop).rest();
    return switch (rest) {
      case Continuation.Rest steps -> withReturn(run, old, steps);
      // The old primary is stopped in order, so a cold start may choose it again.
      case Continuation.Wait wait -> new Continuation.GiveUp(wait.reason());
      case Continuation.Moot moot -> moot;
      case Continuation.GiveUp gaveUp -> gaveUp;
      case Continuation.Stuck stuck -> stuck;
    };
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    MemberId old = new MemberId(input.need(Inputs.FROM));
    List<Step> steps =
        succession(input, Run.begin(), spec, state, old, stop(old)).predictedInOrder();
    return withReturn(Run.begin(), old, new Continuation.Rest(steps)).steps();
  }

  /**
   * A member that is to be primary and streams from another replica streams from the old primary
   * first: only to those does that send its last words as it stops.
   */
  private static Optional<Continuation> closer(
      Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId old = new MemberId(input.need(Inputs.FROM));
    Optional<MemberId> to = input.find(FailoverType.TO).map(MemberId::new);
    Optional<Step> closer =
        to.filter(member ->
                run.last(CLOSER).isPresent() || new Upstreams(spec, state).elsewhere(member, old))
            .map(member ->
                Step.act(Acts.FOLLOW, member, "let " + member + " follow " + old + " itself")
                    .named(CLOSER)
                    .with(Acts.UPSTREAM, old)
                    .with(Acts.STREAM, true)
                    .thenDecide());
    if (closer.isEmpty() || run.isDone(CLOSER)) {
      return Optional.empty();
    }
    return Optional.of(
        run.failures(CLOSER) > 0
            ? new Continuation.GiveUp(
                to.orElse(old) + " does not follow " + old + " itself: " + run.problem(CLOSER))
            : Continuation.rest(List.of(closer.get())));
  }

  /** A checkpoint, then the stop. */
  static List<Step> opening(Run run, MemberId old, Step stop) {
    Step checkpoint =
        Step.act(Acts.CHECKPOINT, old, "write a checkpoint on " + old + ", so that it stops fast")
            .within(Duration.ofMinutes(5));
    if (run.isDone(checkpoint.key()) || run.failures(checkpoint.key()) > 0) {
      return List.of(stop);
    }
    return List.of(checkpoint, stop.after(checkpoint));
  }

  /** The stop in order, from which there is no return. */
  public static Step stop(MemberId old) {
    return Step.act(Acts.STOP, old, "stop " + old + " in order; what it wrote goes out first")
        .within(Duration.ofSeconds(30))
        .thenDecide()
        .noReturn();
  }

  private static Succession succession(
      Details input, Run run, PostgresSpec spec, State<PgFacts> state, MemberId old, Step stop) {
    long behind = Long.parseLong(run.evidence(stop.key()).get(Acts.POSITION, "0"));
    String proof = run.evidence(stop.key()).get(Acts.PROOF, "its process is gone");
    return new Succession(
        spec,
        state,
        run,
        new Succession.Plan(
            old, input.find(FailoverType.TO).map(MemberId::new), false, proof, behind));
  }

  /** The old primary comes back as a replica of the new one. */
  private static Continuation.Rest withReturn(Run run, MemberId old, Continuation.Rest rest) {
    List<Step> steps = new ArrayList<>(rest.steps());
    for (Step step : rest.steps()) {
      if (step.act().equals(Acts.PROMOTE) && step.member() != null) {
        steps.add(start(old, step.member()).after(step));
        return new Continuation.Rest(steps);
      }
    }
    run.rows().stream()
        .filter(row -> row.step().act().equals(Acts.PROMOTE) && run.isDone(row.key()))
        .findFirst()
        .map(row -> row.step().member())
        .map(primary -> start(old, primary))
        .filter(start -> !run.isDone(start.key()) && run.failures(start.key()) == 0)
        .ifPresent(steps::add);
    return new Continuation.Rest(steps);
  }

  private static Step start(MemberId old, MemberId primary) {
    return Step.act(Acts.START, old, "start " + old + " as a replica of " + primary)
        .with(Acts.UPSTREAM, primary)
        .with(Acts.STREAM, true)
        .with(Acts.SETTINGS, Acts.NEW)
        .within(Duration.ofSeconds(30));
  }
}
