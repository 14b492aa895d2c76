package io.cotidal.postgres.plan.guarding;

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
import io.cotidal.postgres.plan.cluster.GuardWord;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Change on whom the primary's guard counts, or whether it has one. In between it proves nothing:
 * the ledger says so first.
 */
public final class GuardChange implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "guard";

  private static final String LET_GO = "let go";
  private static final String NOTE = "note";

  /** Let {@code primary} be guarded so. */
  static Wanted to(MemberId primary, GuardWord wish) {
    return new Wanted(
        NAME,
        Details.of(Inputs.PRIMARY, primary)
            .with(Acts.QUORUM, Ledger.join(wish.members()))
            .with(Acts.LEASE, wish.lease().toMillis()),
        primary + " shall end itself when nobody vouches for it",
        false);
  }

  /** Let {@code primary} be guarded no more. */
  static Wanted none(MemberId primary) {
    return new Wanted(
        NAME, Details.of(Inputs.PRIMARY, primary), primary + " shall not be guarded", false);
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
    return List.of(new Lock("guard", true));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    if (run.occasion() == Run.Occasion.CANCEL || run.isDone(NOTE)) {
      return Continuation.finished();
    }
    if (!Ledger.of(state.ledger()).primary().equals(Optional.of(primary))) {
      return new Continuation.Moot(primary + " is not the primary any more");
    }
    Optional<GuardWord> word = GuardWord.of(state.ledger());
    return input.has(Acts.LEASE) ? guard(input, run, primary, word) : unguard(run, primary, word);
  }

  private static Continuation guard(
      Details input, Run run, MemberId primary, Optional<GuardWord> word) {
    List<MemberId> list = Ledger.split(input.get(Acts.QUORUM, ""));
    long millis = Long.parseLong(input.need(Acts.LEASE));
    Step set =
        Step.act(
                Acts.GUARD,
                primary,
                "let "
                    + primary
                    + " end itself when for "
                    + millis
                    + " ms neither Cotidal nor all of "
                    + Ledger.join(list)
                    + " vouched for it")
            .with(Acts.QUORUM, Ledger.join(list))
            .with(Acts.LEASE, millis)
            .within(Duration.ofSeconds(5));
    if (run.failures(set.key()) > 0) {
      return new Continuation.GiveUp(run.problem(set.key()));
    }
    GuardWord wish = new GuardWord(list, Duration.ofMillis(millis));
    Step note =
        Step.decision(
                NOTE,
                "the guard counts on " + Ledger.join(list),
                Details.of(Acts.QUORUM, Ledger.join(list)))
            .writing(wish.entries());
    List<Step> steps = new ArrayList<>();
    if (word.isPresent() && !run.isDone(LET_GO) && !run.isDone(set.key())) {
      steps.add(letGo());
    }
    if (!run.isDone(set.key())) {
      steps.add(steps.isEmpty() ? set : set.after(steps.getFirst()));
    }
    steps.add(run.isDone(set.key()) ? note : note.after(set));
    return Continuation.rest(steps);
  }

  private static Continuation unguard(Run run, MemberId primary, Optional<GuardWord> word) {
    Step unguard =
        Step.act(Acts.UNGUARD, primary, "let nothing end " + primary + " but people and failovers")
            .within(Duration.ofSeconds(5));
    if (run.isDone(unguard.key())) {
      return Continuation.finished();
    }
    if (run.failures(unguard.key()) > 0) {
      return new Continuation.GiveUp(run.problem(unguard.key()));
    }
    if (word.isEmpty() || run.isDone(LET_GO)) {
      return Continuation.rest(List.of(unguard));
    }
    Step letGo = letGo();
    return Continuation.rest(List.of(letGo, unguard.after(letGo)));
  }

  private static Step letGo() {
    return Step.decision(LET_GO, "its guard proves nothing any more", Details.NONE)
        .writing(GuardWord.NONE);
  }
}
