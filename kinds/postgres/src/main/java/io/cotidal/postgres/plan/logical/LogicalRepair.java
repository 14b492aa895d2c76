package io.cotidal.postgres.plan.logical;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;

/** Set one member up so that logical slots outlive a change of primary. */
public final class LogicalRepair implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "logical";

  /**
   * @param how the arguments of the act
   */
  static Wanted wanted(MemberId member, Details how, String why) {
    return new Wanted(
        NAME, Details.of(Inputs.MEMBER, member).with(how), member + ": " + why, false);
  }

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
    boolean copies = input.get(Acts.COPIES, "").equals("true");
    return OneStep.once(
        run,
        Step.act(
                Acts.LOGICAL,
                member,
                copies
                    ? "let " + member + " keep copies of the primary's logical slots"
                    : "let subscribers of " + member + " wait for those who may succeed it")
            .with(Acts.COPIES, copies)
            .with(Acts.AWAITED, input.get(Acts.AWAITED, ""))
            .with(Acts.DROP, input.get(Acts.DROP, ""))
            .within(Duration.ofSeconds(10)));
  }
}
