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
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Make a cluster where no member has data: one primary first, then its replicas side by side. */
public final class Create implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.CREATE;

  private static final int TRIES = 3;

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
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    for (StepRecord row : run.rows()) {
      if (run.failures(row.key()) >= TRIES) {
        return new Continuation.GiveUp(row.step().sentence() + ": " + run.problem(row.key()));
      }
    }
    MemberId primary = primary(input);
    List<Step> rest = new ArrayList<>();
    for (Step step : all(spec, primary)) {
      if (!run.isDone(step.key())) {
        rest.add(step);
      }
    }
    return Continuation.rest(rest);
  }

  /** The member that is to be the first primary. */
  public static MemberId primary(Details input) {
    return Inputs.member(input, Inputs.PRIMARY);
  }

  private static List<Step> all(PostgresSpec spec, MemberId primary) {
    List<Step> steps = new ArrayList<>();
    Step init =
        Step.act(Acts.INIT, primary, "make an empty database on " + primary)
            .within(Duration.ofMinutes(2));
    Step start =
        Step.act(Acts.START, primary, "start " + primary + ", demoted")
            .with(Acts.UPSTREAM, "")
            .within(Duration.ofSeconds(60))
            .after(init);
    Step promote = promote(spec, primary).after(start);
    steps.add(init);
    steps.add(start);
    steps.add(promote);
    steps.addAll(replicas(spec, primary, promote));
    return steps;
  }

  /** The step that makes the first primary, which commits alone until others stream. */
  public static Step promote(PostgresSpec spec, MemberId primary) {
    return Step.act(Acts.PROMOTE, primary, "promote " + primary)
        .with(Acts.QUORUM, "")
        .with(Acts.K, 0)
        .writing(ledger(spec, primary));
  }

  /** What is so once there is a first primary. */
  public static Details ledger(PostgresSpec spec, MemberId primary) {
    return Ledger.primary(primary, 0, 0)
        .with(Ledger.quorum(List.of(), 0))
        .with(Ledger.members(spec.members()));
  }

  /** The steps that copy the primary to all others and start them. */
  public static List<Step> replicas(PostgresSpec spec, MemberId primary, Step earlier) {
    List<Step> steps = new ArrayList<>();
    for (Server server : spec.servers()) {
      MemberId member = server.id();
      if (!member.equals(primary) && server.gated()) {
        Step clone =
            Step.act(Acts.CLONE, member, "copy " + primary + " to " + member)
                .with(Acts.FROM, primary)
                .within(Duration.ofHours(24))
                .after(earlier);
        steps.add(clone);
        steps.add(
            Step.act(Acts.START, member, "start " + member + " as a replica of " + primary)
                .with(Acts.UPSTREAM, primary)
                .with(Acts.STREAM, true)
                .within(Duration.ofSeconds(60))
                .after(clone));
      }
    }
    return steps;
  }
}
