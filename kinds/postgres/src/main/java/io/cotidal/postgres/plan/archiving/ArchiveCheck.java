package io.cotidal.postgres.plan.archiving;

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
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;

/** Look whether the archive has no gap, and the way to the primary's timeline. Changes nothing. */
public final class ArchiveCheck implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "archive-check";

  /** One at a time looks at an archive or changes what lies there. */
  static final String LOCK = "archive";

  /** How long a list may take. */
  static final Duration LIST = Duration.ofSeconds(20);

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
    return List.of(new Lock(LOCK, true));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    return OneStep.once(
        run,
        Step.act(Acts.ARCHIVE_CHECK, primary, "look through the archive from " + primary)
            .within(LIST));
  }
}
