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
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;

/** Set archiving up on one member as it is wanted: its script, its mark, its settings. */
public final class ArchiveRepair implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "archive";

  static Wanted wanted(MemberId member, MemberId primary, String why) {
    return new Wanted(
        NAME,
        Details.of(Inputs.MEMBER, member).with(Inputs.PRIMARY, primary),
        member + ": " + why,
        false);
  }

  /** The step that sets {@code member} up. */
  static Step step(MemberId member, MemberId primary, boolean stopped) {
    return Step.act(
            Acts.ARCHIVE,
            member,
            (stopped
                ? "let " + member + " archive nothing"
                : "let " + member + " archive as it is wanted"))
        .with(Acts.ARCHIVING, member.equals(primary))
        .with(Acts.STOPPED, stopped)
        .within(Duration.ofSeconds(20));
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
    return ArchiveWish.of(spec, state.ledger())
        .<Continuation>map(wish ->
            OneStep.once(
                run,
                step(
                    Inputs.member(input, Inputs.MEMBER),
                    Inputs.member(input, Inputs.PRIMARY),
                    wish.stopped())))
        .orElseGet(() -> new Continuation.Moot("nothing is archived any more"));
  }
}
