package io.cotidal.postgres.plan.members;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Types;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Stop a replica and leave it stopped. Commits wait for others first; the mark in the ledger is
 * written together with the stop's completion, so that an operation that ends before has changed
 * nothing that lasts. Who is disabled loses its slot, too, and is left alone even if it runs.
 */
public final class TakeOut implements OperationType<PostgresSpec, PgFacts> {
  /** Stops a member until somebody starts it. */
  public static final String STOP = Types.STOP;

  /** Stops it, and the primary forgets it. */
  public static final String DISABLE = Types.DISABLE;

  private static final String NOTE = "leave it out";
  private static final int SLOT_TRIES = 2;

  private final Out.How how;

  /** The one of the two that takes it out that way. */
  public TakeOut(Out.How how) {
    this.how = how;
  }

  @Override
  public String name() {
    return switch (how) {
      case STOPPED -> STOP;
      case DISABLED -> DISABLE;
    };
  }

  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(
        Lock.member(Inputs.member(input, Inputs.MEMBER)),
        new Lock("quorum", true),
        new Lock("slots", true));
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    if (ways(member).stream().anyMatch(way -> run.isDone(way.key()))) {
      return run.occasion() == Run.Occasion.CANCEL
          ? Continuation.finished()
          : slot(input, run, spec, state);
    }
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (Ledger.of(state.ledger()).quorum().contains(member)) {
      return leaving(input, run, spec, state);
    }
    if (new Guarding(spec, state).countsOn(member)) {
      // Stopped now, it would end the primary if nobody else vouched for that at this moment.
      return new Continuation.Wait("the guard of the primary still counts on " + member);
    }
    Step way = way(state, member);
    if (run.failures(way.key()) > 0) {
      return new Continuation.GiveUp(member + " did not stop: " + run.problem(way.key()));
    }
    return Continuation.rest(ending(input, spec, state));
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    return Ledger.of(state.ledger()).quorum().contains(member)
        ? ending(input, spec, state)
        : List.of();
  }

  /** The quorum's change to a list without the member, and what comes after its last step. */
  private Continuation leaving(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (!input.has(QuorumChange.LIST)) {
      return new Continuation.GiveUp("commits wait for it since; ask again");
    }
    Continuation change = new QuorumChange().steps(input, run, spec, state);
    if (change instanceof Continuation.Wait wait) {
      // Commits would wait as long as this does; given up, the list is put right by planning.
      return new Continuation.GiveUp(
          wait.reason() + ", and so " + input.need(Inputs.MEMBER) + " stays");
    }
    if (!(change instanceof Continuation.Rest rest)
        || rest.steps().stream().noneMatch(QuorumChange::narrows)) {
      return change;
    }
    List<Step> steps = new ArrayList<>(rest.steps());
    if (new Guarding(spec, state).countsOn(Inputs.member(input, Inputs.MEMBER))) {
      steps.set(steps.size() - 1, steps.getLast().thenDecide());
      return Continuation.rest(steps);
    }
    List<Step> then = new ArrayList<>(ending(input, spec, state));
    then.set(0, then.getFirst().after(rest.steps().getLast()));
    steps.addAll(then);
    return Continuation.rest(steps);
  }

  private List<Step> ending(Details input, PostgresSpec spec, State<PgFacts> state) {
    Step first = way(state, Inputs.member(input, Inputs.MEMBER));
    List<Step> steps = new ArrayList<>(List.of(first));
    if (how == Out.How.DISABLED) {
      steps.add(dropSlot(input, spec, state).after(first));
    }
    return steps;
  }

  private Continuation slot(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Step drop = dropSlot(input, spec, state);
    if (how == Out.How.STOPPED || run.isDone(drop.key())) {
      return Continuation.finished();
    }
    return run.failures(drop.key()) >= SLOT_TRIES
        ? new Continuation.GiveUp("its slot is still there: " + run.problem(drop.key()))
        : Continuation.rest(List.of(drop));
  }

  /**
   * How it is taken out. One that is gone is fenced all the same: at its gate a start that was sent
   * before is refused then. Who cannot be reached, or is disabled already, is only left alone.
   */
  private Step way(State<PgFacts> state, MemberId member) {
    MemberState<PgFacts> known = state.member(member);
    boolean beyondReach = known == null || !known.reachable();
    if (how == Out.How.DISABLED && (beyondReach || Out.of(state).disabled(member))) {
      return note(member);
    }
    return gone(state, member) ? fence(member) : stop(member);
  }

  private List<Step> ways(MemberId member) {
    return List.of(stop(member), fence(member), note(member));
  }

  private static boolean gone(State<PgFacts> state, MemberId member) {
    MemberState<PgFacts> known = state.member(member);
    return known != null && !known.answers() && known.host().process() == Host.Process.GONE;
  }

  private Step stop(MemberId member) {
    return Step.act(Acts.STOP, member, "stop " + member + " in order; it stays so")
        .within(Duration.ofSeconds(30))
        .writing(Out.mark(member, how));
  }

  private Step fence(MemberId member) {
    return Step.act(Acts.FENCE, member, member + " is down: see that nothing of it runs")
        .within(Duration.ofSeconds(5))
        .writing(Out.mark(member, how));
  }

  private Step note(MemberId member) {
    return Step.decision(
            NOTE, member + " is " + how.word() + " until somebody takes it back", Details.NONE)
        .writing(Out.mark(member, how));
  }

  private static Step dropSlot(Details input, PostgresSpec spec, State<PgFacts> state) {
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    MemberId primary = Inputs.member(input, Inputs.PRIMARY);
    Out out = Out.of(state);
    Upstreams upstreams = new Upstreams(spec, state);
    List<MemberId> others =
        spec.members().stream()
            .filter(
                other -> !other.equals(member) && !other.equals(primary) && !out.disabled(other))
            .filter(other -> !upstreams.elsewhere(other, primary))
            .toList();
    return Step.act(
            Acts.SLOTS, primary, "drop the slot of " + member + ": " + primary + " keeps no log")
        .with(Acts.QUORUM, Ledger.join(others))
        .with(Acts.GONE, member);
  }
}
