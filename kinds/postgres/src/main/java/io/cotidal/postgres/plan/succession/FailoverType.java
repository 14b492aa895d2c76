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
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Replace a primary that is gone: cut off, choose, prove, promote, follow. */
public final class FailoverType implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.FAILOVER;

  /** Input: the member that shall succeed it. */
  public static final String TO = "to";

  /** Input: whether the primary is to be replaced although it answers. */
  public static final String FORCE = "force";

  private static final Duration COMEBACK = Duration.ofSeconds(60);

  /** Input: whether the loss of what no successor has is taken. */
  public static final String ACCEPT_LOSS = "accept-loss";

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
  public Duration longestPause() {
    return Duration.ofSeconds(5);
  }

  @Override
  public boolean preempts() {
    return true;
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    MemberId old = new MemberId(input.need(Inputs.FROM));
    Optional<Continuation> late = Succession.tooLate(run, state, old);
    if (late.isPresent()) {
      return late.get();
    }
    boolean begun = run.rows().stream().anyMatch(FailoverType::mayHaveActedOnPrimary);
    if (!begun && !input.get(FORCE, "").equals("true") && answersAsPrimary(state, old)) {
      return new Continuation.Moot(old + " answers again as primary");
    }
    if (!begun && !input.get(FORCE, "").equals("true")) {
      List<Step> questions = PluginSteps.poll(spec, run, old);
      Optional<String> veto = PluginSteps.veto(spec, run, old);
      if (veto.isPresent()) {
        return new Continuation.GiveUp(veto.get() + "; nothing was changed; --force overrides it");
      }
      if (!questions.isEmpty()) {
        return Continuation.rest(questions);
      }
    }
    Continuation rest = succession(input, run, spec, state).rest();
    if (rest instanceof Continuation.Stuck) {
      rest = Comeback.of(run, state, old, COMEBACK).orElse(rest);
    }
    if (rest instanceof Continuation.Wait wait) {
      if (answersAsPrimary(state, old)) {
        return new Continuation.GiveUp(wait.reason());
      }
      // Who is stopped can still tell how far it got: it only has to be started, as a standby.
      Continuation start = ColdStart.startOrWait(run, state, rest);
      return start instanceof Continuation.Wait
          ? Comeback.of(run, state, old, COMEBACK).orElse(start)
          : start;
    }
    return rest;
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    return succession(input, Run.begin(), spec, state).predicted();
  }

  private static Succession succession(
      Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId old = new MemberId(input.need(Inputs.FROM));
    Optional<MemberId> to = input.find(TO).map(MemberId::new);
    Succession.Plan plan = new Succession.Plan(old, to, isStandby(state, old), "", 0);
    plan = input.get(ACCEPT_LOSS, "").equals("true") ? plan.accepting() : plan;
    return new Succession(spec, state, run, Comeback.told(run, old) ? plan.comingBack() : plan);
  }

  private static boolean mayHaveActedOnPrimary(StepRecord row) {
    boolean acts = row.step().act().equals(Acts.FENCE) || row.step().act().equals(Acts.PROMOTE);
    return acts && row.state() != StepState.PLANNED;
  }

  private static boolean isStandby(State<PgFacts> state, MemberId old) {
    return Optional.ofNullable(state.member(old))
        .map(MemberState::facts)
        .filter(PgFacts::recovering)
        .isPresent();
  }

  private static boolean answersAsPrimary(State<PgFacts> state, MemberId old) {
    return Optional.ofNullable(state.member(old))
        .map(MemberState::facts)
        .filter(facts -> !facts.recovering())
        .isPresent();
  }
}
