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
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;

/**
 * Stop archiving, or go on. What is not archived meanwhile waits on the primary: there is no gap
 * afterwards.
 */
public final class ArchiveSwitch implements OperationType<PostgresSpec, PgFacts> {
  /** Archives from now on. */
  public static final String START = "archive-start";

  /** Archives nothing more. */
  public static final String STOP = "archive-stop";

  private final String name;
  private final boolean on;

  /** The one of that name. */
  public ArchiveSwitch(String name, boolean on) {
    this.name = name;
    this.on = on;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Risk risk() {
    return on ? Risk.SAFE : Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    // What is decided here would make a repair of the primary wanted while this sets it right.
    return List.of(
        new Lock(ArchiveCheck.LOCK, true), Lock.member(Inputs.member(input, Inputs.PRIMARY)));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    Step decide =
        Step.decision(
                name, on ? "archive again" : "archive nothing from now on; the log waits", input)
            .writing(ArchiveWish.mark(on));
    Step act = ArchiveRepair.step(primary, primary, !on);
    if (!run.isDone(decide.key())) {
      return Continuation.rest(List.of(decide, act.after(decide)));
    }
    return OneStep.once(run, act);
  }
}
