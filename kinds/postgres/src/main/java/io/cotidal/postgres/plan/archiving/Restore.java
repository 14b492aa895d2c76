package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.members.Create;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Make a cluster out of another one's archive: choose a base backup, lay it on the first member,
 * let that recover to the target, prove it, promote it; then its replicas, as in {@link Create}.
 */
public final class Restore implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.RESTORE;

  /** Input: up to which time. */
  public static final String TO_TIME = RecoveryTarget.TO_TIME;

  /** Input: up to which position. */
  public static final String TO_LSN = RecoveryTarget.TO_LSN;

  /** Input: up to which restore point. */
  public static final String TO_NAME = RecoveryTarget.TO_NAME;

  /** Input: from which base backup; the best one if it is not given. */
  public static final String BACKUP = ArchiveSource.BACKUP;

  /** Input: on which timeline; the newest one if it is not given. */
  public static final String TIMELINE = ArchiveSource.TIMELINE;

  /** In the ledger: the member on which a restore has begun that has not come to its end. */
  public static final String RESTORING = "restoring";

  private static final String BEGIN = "begin";
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
  public Duration deadline() {
    return Duration.ofDays(3);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    for (StepRecord row : run.rows()) {
      if (run.failures(row.key()) >= tries(row.step().act())) {
        return new Continuation.GiveUp(row.step().sentence() + ": " + run.problem(row.key()));
      }
    }
    Step choose = choose(input);
    if (!run.isDone(choose.key())) {
      return Continuation.rest(List.of(choose));
    }
    return Continuation.rest(
        all(input, run.evidence(choose.key()), spec).stream()
            .filter(step -> !run.isDone(step.key()))
            .toList());
  }

  /** What fails for a reason that lies in the archive or in the data fails again. */
  private static int tries(String act) {
    return switch (act) {
      case Acts.RESTORE_CHOOSE, Acts.LAY, Acts.RECOVER, Acts.PROVE -> 1;
      default -> TRIES;
    };
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    return all(
        input, Details.of(Acts.ID, "the chosen").with(Acts.TIMELINE, 0).with(Acts.BYTES, 0), spec);
  }

  private static Step choose(Details input) {
    MemberId first = Create.primary(input);
    return targeted(
            Step.act(
                Acts.RESTORE_CHOOSE,
                first,
                "choose a base backup, and look whether the log leads to " + target(input)),
            input)
        .within(Duration.ofMinutes(30))
        .thenDecide();
  }

  /** Where it ends, for people. */
  static String target(Details input) {
    return input
        .find(TO_TIME)
        .or(() -> input.find(TO_LSN))
        .or(() -> input.find(TO_NAME))
        .orElse("the end of the archive");
  }

  private static Step targeted(Step step, Details input) {
    Step with = step;
    for (String name : List.of(TO_TIME, TO_LSN, TO_NAME, BACKUP, TIMELINE)) {
      if (input.has(name)) {
        with = with.with(name, input.need(name));
      }
    }
    return with;
  }

  private static List<Step> all(Details input, Details chosen, PostgresSpec spec) {
    MemberId first = Create.primary(input);
    String id = chosen.need(Acts.ID);
    Step begin =
        Step.decision(BEGIN, "restore from the base backup " + id, chosen)
            .writing(Details.of(RESTORING, first));
    Step lay =
        Step.act(Acts.LAY, first, "lay the base backup " + id + " on " + first)
            .with(Acts.ID, id)
            .with(Acts.BYTES, chosen.get(Acts.BYTES, "0"))
            .with(Acts.AGAIN, input.get(Acts.AGAIN, "false"))
            .within(Duration.ofHours(24))
            .after(begin);
    Step recover =
        targeted(
                Step.act(Acts.RECOVER, first, "let " + first + " recover to " + target(input)),
                input)
            .with(Acts.TIMELINE, chosen.need(Acts.TIMELINE))
            .with(Acts.POSITION, chosen.get(Acts.POSITION, "0"))
            .within(Duration.ofDays(2))
            .after(lay);
    Step prove =
        Step.act(Acts.PROVE, first, "ask " + first + " what it must know")
            .within(Duration.ofMinutes(30))
            .after(recover);
    Step promote =
        Create.promote(spec, first)
            .writing(Create.ledger(spec, first).with(RESTORING, ""))
            .after(prove)
            .noReturn();
    Step settle =
        Step.act(Acts.RESTORED, first, "let " + first + " forget its recovery").after(promote);
    List<Step> steps = new ArrayList<>(List.of(begin, lay, recover, prove, promote, settle));
    steps.addAll(Create.replicas(spec, first, settle));
    return steps;
  }
}
