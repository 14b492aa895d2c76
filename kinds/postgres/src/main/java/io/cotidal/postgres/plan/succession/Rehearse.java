package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.Report;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A failover rehearsed against the running cluster, which is only looked at: its report is kept as
 * the step's evidence. It fails if nobody could be promoted.
 */
public final class Rehearse implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "rehearse";

  /** Entry of the ledger: when the last one was, in microseconds. */
  private static final String LAST = "rehearsed";

  private static final String REPORT = "report";

  /** Evidence: that nobody could be promoted, and why. */
  private static final String NOBODY = "nobody";

  /**
   * What is to be done by the calendar; nothing while the primary does not answer.
   *
   * @param calm whether nothing else is wanted, which the first one waits for: a cluster that has
   *     just been made is not what it will be
   */
  public static Optional<Wanted> wanted(
      PostgresSpec spec, State<PgFacts> state, PgDiagnosis found, boolean calm) {
    boolean waits = !calm && !state.ledger().has(LAST);
    boolean due = due(spec, state) <= state.now().micros();
    return waits || !due || found.answering().isEmpty()
        ? Optional.empty()
        : Optional.of(new Wanted(NAME, Details.NONE, "it is time to rehearse", false));
  }

  /** When the next one is due, in microseconds; far away if none is. */
  public static long due(PostgresSpec spec, State<PgFacts> state) {
    Duration every = spec.practice().policy().rehearsal();
    if (every.isZero()) {
      return Long.MAX_VALUE;
    }
    long last = Long.parseLong(state.ledger().get(LAST, "0"));
    // One in the time to come was written by a clock that was wrong.
    return last > state.now().micros() ? 0 : last + every.toNanos() / 1_000;
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
    return List.of(new Lock(NAME, true));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (run.isDone(REPORT)) {
      String nobody = run.evidence(REPORT).get(NOBODY, "");
      return nobody.isEmpty() ? Continuation.finished() : new Continuation.GiveUp(nobody);
    }
    Report report = new Rehearsal(spec, state).report();
    Details evidence = Details.NONE;
    for (Report.Line line : report.lines()) {
      evidence = evidence.with(line.subject(), line.sentence());
      boolean candidate = line.subject().equals(Rehearsal.CANDIDATE);
      if (candidate && line.verdict() != Report.Verdict.YES) {
        evidence = evidence.with(NOBODY, report.sentence() + ": " + line.sentence());
      }
    }
    return Continuation.rest(
        List.of(
            Step.decision(REPORT, report.sentence(), evidence)
                .writing(Details.of(LAST, state.now().micros()))
                .thenDecide()));
  }
}
