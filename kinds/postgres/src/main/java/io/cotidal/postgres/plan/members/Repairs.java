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
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The small operations that put one thing right each. */
public final class Repairs {
  private Repairs() {}

  /** Start a stopped replica; one that was stopped on purpose is taken back by it. */
  public static final class Start implements OperationType<PostgresSpec, PgFacts> {
    /** The name of the operation. */
    public static final String NAME = Types.START;

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
      return List.of(Lock.member(Inputs.member(input, Inputs.MEMBER)));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      MemberId member = Inputs.member(input, Inputs.MEMBER);
      MemberId upstream = Inputs.upstream(input);
      Step start =
          Step.act(Acts.START, member, "start " + member + " as a replica of " + upstream)
              .with(Acts.UPSTREAM, upstream)
              .with(Acts.STREAM, true)
              .within(Duration.ofSeconds(30));
      boolean asked = run.occasion() != Run.Occasion.CANCEL && Out.of(state).has(member);
      if (!asked) {
        return OneStep.once(run, start);
      }
      Step back =
          Step.decision("take it back", member + " is no longer left out", Details.NONE)
              .writing(Out.clear(List.of(member)));
      return Continuation.rest(List.of(back, start.after(back)));
    }
  }

  /** Let a running standby follow the primary. */
  public static final class Follow implements OperationType<PostgresSpec, PgFacts> {
    /** The name of the operation. */
    public static final String NAME = Types.FOLLOW;

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
      return List.of(Lock.member(Inputs.member(input, Inputs.MEMBER)));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      MemberId member = Inputs.member(input, Inputs.MEMBER);
      MemberId upstream = Inputs.upstream(input);
      return OneStep.once(
          run,
          Step.act(Acts.FOLLOW, member, "let " + member + " follow " + upstream)
              .with(Acts.UPSTREAM, upstream)
              .with(Acts.STREAM, true)
              .within(Duration.ofSeconds(10)));
    }
  }

  /** Take over the care of a cluster that was made by hand. */
  public static final class Adopt implements OperationType<PostgresSpec, PgFacts> {
    /** The name of the operation. */
    public static final String NAME = "adopt";

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
      return List.of(Lock.resource());
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      if (run.isDone(NAME)) {
        return Continuation.finished();
      }
      MemberId primary = Inputs.member(input, Inputs.PRIMARY);
      MemberState<PgFacts> member = state.member(primary);
      PgFacts facts = member == null ? null : member.facts();
      if (facts == null || facts.recovering()) {
        return new Continuation.GiveUp(primary + " does not answer as primary");
      }
      Details seen = input.with(Acts.TIMELINE, facts.timeline());
      return Continuation.rest(
          List.of(
              Step.decision(NAME, "take " + primary + " as the primary of this cluster", seen)
                  .writing(
                      Ledger.primary(primary, 0, 0)
                          .with(Ledger.members(spec.members()))
                          .with(Ledger.quorum(List.of(), 0)))));
    }
  }

  /** Let go of members that the configuration has no more. */
  public static final class Forget implements OperationType<PostgresSpec, PgFacts> {
    /** The name of the operation. */
    public static final String NAME = "forget";

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
      return List.of(new Lock("slots", true));
    }

    @Override
    public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
      MemberId primary = Inputs.member(input, Inputs.PRIMARY);
      Upstreams upstreams = new Upstreams(spec, state);
      List<MemberId> others = new ArrayList<>(spec.members());
      others.removeIf(other -> other.equals(primary) || upstreams.elsewhere(other, primary));
      return OneStep.once(
          run,
          Step.act(Acts.SLOTS, primary, "drop the slots of " + input.need(Acts.GONE))
              .with(Acts.QUORUM, Ledger.join(others))
              .with(Acts.GONE, input.need(Acts.GONE))
              .writing(
                  Ledger.members(spec.members())
                      .with(Out.clear(Ledger.split(input.need(Acts.GONE))))));
    }
  }
}
