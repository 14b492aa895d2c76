package io.cotidal.postgres.plan.succession;

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
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bring a cluster back of which no member is primary: start what is stopped, demoted, and then
 * choose as in a failover. The last primary is a candidate like the others.
 */
public final class ColdStart implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = Types.COLD_START;

  private static final int START_TRIES = 2;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(Lock.resource());
  }

  @Override
  public Duration longestPause() {
    return Duration.ofSeconds(5);
  }

  @Override
  public boolean preempts() {
    return true;
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    MemberId last = new MemberId(input.need(Inputs.FROM));
    Optional<Continuation> late = Succession.tooLate(run, state, last);
    if (late.isPresent()) {
      return late.get();
    }
    boolean promoting = Succession.promoting(run);
    Optional<MemberId> primary = writable(state);
    if (!promoting && primary.isPresent()) {
      return new Continuation.Moot(primary.get() + " answers as primary");
    }
    Duration patience = spec.practice().policy().restart();
    if (!promoting && !patience.isZero()) {
      Optional<Continuation> inPlace = Comeback.of(run, state, last, patience);
      if (inPlace.isPresent()) {
        return inPlace.get();
      }
    }
    List<Step> starts = starts(run, state, START_TRIES);
    if (!starts.isEmpty()) {
      return Continuation.rest(starts);
    }
    Continuation rest =
        new Succession(
                spec,
                state,
                run,
                new Succession.Plan(last, Optional.empty(), true, proof(state, last), 0))
            .rest();
    return rest instanceof Continuation.Wait ? startOrWait(run, state, rest) : rest;
  }

  /** Tries again and again what could end the wait. */
  public static Continuation startOrWait(Run run, State<PgFacts> state, Continuation wait) {
    List<Step> starts = starts(run, state, Integer.MAX_VALUE);
    return starts.isEmpty() ? wait : Continuation.rest(starts);
  }

  private static Optional<MemberId> writable(State<PgFacts> state) {
    return state.members().values().stream()
        .filter(member -> {
          PgFacts facts = member.facts();
          return facts != null
              && !facts.recovering()
              && !Ledger.of(state.ledger()).doubts().containsKey(member.id());
        })
        .map(MemberState::id)
        .findFirst();
  }

  /**
   * Why the last primary acknowledges nothing, if that can be seen without acting; empty otherwise.
   */
  private static String proof(State<PgFacts> state, MemberId last) {
    MemberState<PgFacts> member = state.member(last);
    if (member == null) {
      return "";
    }
    PgFacts facts = member.facts();
    if (facts != null && facts.recovering()) {
      return "it is a standby";
    }
    return member.host().process() == Host.Process.GONE ? "its process is gone" : "";
  }

  /** A start as a standby that follows nobody. */
  public static Step start(MemberId member) {
    return Step.act(Acts.START, member, "start " + member + ", demoted, following nobody")
        .with(Acts.UPSTREAM, "")
        .within(Duration.ofSeconds(60))
        .thenDecide();
  }

  /** Whether nothing of the member runs and its data is whole. */
  public static boolean stopped(MemberState<PgFacts> member) {
    return !member.answers()
        && member.host().process() == Host.Process.GONE
        && member.host().facts().get(Acts.DATA, "").equals("present");
  }

  /** Whether it was started in this run, and no look since then shows that it has ended again. */
  private static boolean stillStarted(
      Run run, State<PgFacts> state, MemberState<PgFacts> member, Step start) {
    return run.done(start.key())
        .filter(row ->
            state.now().nanosSince(member.observedAt()) / 1_000
                >= state.now().micros() - row.endedMicros())
        .isPresent();
  }

  /**
   * Starts for everybody whose process is gone, whose data is whole, and who was not tried enough.
   */
  private static List<Step> starts(Run run, State<PgFacts> state, int tries) {
    Ledger ledger = Ledger.of(state.ledger());
    Out out = Out.of(state, ledger);
    List<Step> starts = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      Step start = start(member.id());
      boolean stopped = stopped(member);
      // The last primary may be started all the same: it is the one that was to be promoted.
      boolean tellsNothing =
          ledger.mustBeCopied(member.id()) && !ledger.primary().equals(Optional.of(member.id()));
      if (stopped
          && !tellsNothing
          && !out.aside(member.id())
          && !stillStarted(run, state, member, start)
          && run.failures(start.key()) < tries) {
        starts.add(start);
      }
    }
    return starts;
  }
}
