package io.cotidal.postgres.plan.members;

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
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Take a member back that was left out, or fill one that is empty. Enabled, what lies on its disk
 * decides: who can simply follow does; whose history has parted from the primary's, or who has no
 * whole data, is rewound or copied by {@link Rejoin}. Cloned, it is copied in any case. It comes
 * back as a replica, whatever it was.
 */
public final class TakeBack implements OperationType<PostgresSpec, PgFacts> {
  /** Takes a member back. */
  public static final String ENABLE = Types.ENABLE;

  /** Makes a replica anew. */
  public static final String CLONE = Types.CLONE;

  private static final String BACK = "take it back";
  private static final String AS_IT_IS = "start it as it is";

  private final String name;
  private final Rejoin rejoin = new Rejoin();

  /** Either {@link #ENABLE} or {@link #CLONE}. */
  public TakeBack(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return rejoin.locks(input);
  }

  @Override
  public Duration deadline() {
    return rejoin.deadline();
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(AS_IT_IS)) {
      return Continuation.finished();
    }
    Step back =
        Step.decision(BACK, member + " is no longer left out", Details.NONE)
            .writing(Out.clear(List.of(member)));
    boolean follows =
        name.equals(ENABLE)
            && canFollow(state, member)
            && run.rows().stream().noneMatch(TakeBack::rejoins);
    if (follows && run.failures(AS_IT_IS) == 0) {
      Step start = asItIs(member, primary);
      return run.isDone(BACK)
          ? Continuation.rest(List.of(start))
          : Continuation.rest(List.of(back, start.after(back)));
    }
    Details how =
        name.equals(CLONE) ? input.with(Rejoin.WAY, "clone").with(Rejoin.WHY, "asked for") : input;
    Continuation rest = rejoin.steps(how, run, spec, state);
    return rest instanceof Continuation.Rest steps && !run.isDone(BACK)
        ? Continuation.rest(first(back, steps.steps()))
        : rest;
  }

  private static boolean rejoins(StepRecord row) {
    return row.step().act().equals(Acts.FENCE);
  }

  private static Step asItIs(MemberId member, MemberId primary) {
    return Step.act(Acts.START, member, "start " + member + " as a replica of " + primary)
        .named(AS_IT_IS)
        .with(Acts.UPSTREAM, primary)
        .with(Acts.STREAM, true)
        .within(Duration.ofSeconds(60));
  }

  private static List<Step> first(Step first, List<Step> then) {
    List<Step> steps = new ArrayList<>(List.of(first));
    for (Step step : then) {
      steps.add(step.needs().isEmpty() ? step.after(first) : step);
    }
    return steps;
  }

  /**
   * Whether the member is a standby, or stopped with whole data as one that was stopped in order or
   * died as a standby. Whether its history is the primary's, its server tells when it follows.
   */
  public static boolean canFollow(State<PgFacts> state, MemberId member) {
    MemberState<PgFacts> known = state.member(member);
    if (known == null || Ledger.of(state.ledger()).mustBeCopied(member)) {
      return false;
    }
    PgFacts facts = known.facts();
    if (facts != null) {
      return facts.recovering();
    }
    return ColdStart.stopped(known)
        && !known.host().facts().get(Acts.CONTROL_STATE, "").equals("in production");
  }
}
