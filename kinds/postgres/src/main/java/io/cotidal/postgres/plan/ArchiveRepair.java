package io.cotidal.postgres.plan;

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
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;

/** Set archiving up on one member as it is wanted: its script, its mark, its settings. */
final class ArchiveRepair implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "archive";

  static Wanted wanted(MemberId member, MemberId primary, String why) {
    return new Wanted(
        NAME,
        Details.of(Repairs.MEMBER, member).with(Repairs.PRIMARY, primary),
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
    return List.of(Lock.member(Repairs.member(input, Repairs.MEMBER)));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    return ArchiveWish.of(spec, state.ledger())
        .<Continuation>map(wish ->
            Repairs.once(
                run,
                step(
                    Repairs.member(input, Repairs.MEMBER),
                    Repairs.member(input, Repairs.PRIMARY),
                    wish.stopped())))
        .orElseGet(() -> new Continuation.Moot("nothing is archived any more"));
  }
}
