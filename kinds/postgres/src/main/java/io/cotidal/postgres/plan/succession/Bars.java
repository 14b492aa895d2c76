package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.logical.LogicalBoard;
import io.cotidal.postgres.plan.succession.Candidates.Position;
import io.cotidal.postgres.spec.Policy;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Standing;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator's policy, or a full disk, has against a successor. It narrows a choice that the
 * quorum allows and never widens it; so with nobody left the change waits, and says for what.
 */
public final class Bars {
  private static final String WAITS_FOR_NOBODY = "a commit waits for no replica";

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Run run;
  private final Succession.Plan plan;

  Bars(PostgresSpec spec, State<PgFacts> state, Run run, Succession.Plan plan) {
    this.spec = spec;
    this.state = state;
    this.run = run;
    this.ledger = Ledger.of(state.ledger());
    this.plan = plan;
  }

  private Policy policy() {
    return spec.practice().policy();
  }

  /** Greater means: rather this one, of two that hold as much. */
  Comparator<MemberId> preference() {
    List<MemberId> order = spec.members();
    LogicalBoard logical = new LogicalBoard(spec, state);
    Comparator<MemberId> earlier =
        Comparator.<MemberId>comparingInt(member -> staysInPlace(member) ? 0 : 1)
            .thenComparingInt(PluginSteps.selected(spec, run))
            .thenComparingInt(logical::lacking)
            .thenComparingInt(policy()::preference)
            .thenComparingInt(member -> policy().of(member).priority())
            .thenComparingInt(order::indexOf);
    return earlier.reversed();
  }

  /** A primary that comes back in its place is no change at all. */
  private boolean staysInPlace(MemberId member) {
    return plan.oldCounts() && !policy().restart().isZero() && member.equals(plan.old());
  }

  /** Why the member may not succeed; empty if nothing is against it. */
  Optional<String> against(Position at) {
    boolean named = plan.to().filter(at.member()::equals).isPresent();
    if (!named && DiskBoard.full(state.member(at.member()))) {
      return Optional.of("its disk is full");
    }
    if (plan.oldCounts() && at.member().equals(plan.old())) {
      return Optional.empty();
    }
    Standing standing = policy().of(at.member());
    if (standing.never() && !named) {
      return Optional.of("never is set for it");
    }
    boolean mayLose = ledger.k() == 0 && standing.lagLimit() != Standing.UNLIMITED;
    if (!mayLose || plan.acceptLoss()) {
      return Optional.empty();
    }
    Optional<Long> missing = missing(at);
    if (missing.isEmpty()) {
      return Optional.of(
          "nobody can tell how much of what "
              + plan.old()
              + " wrote is missing from it, and its lag limit is "
              + standing.lagLimit()
              + " bytes");
    }
    return missing.get() <= standing.lagLimit()
        ? Optional.empty()
        : Optional.of(
            missing.get()
                + " bytes that "
                + plan.old()
                + " had are missing from it, and its lag limit is "
                + standing.lagLimit());
  }

  /**
   * How many bytes of what the old primary had at the last look that it answered are missing from a
   * member; empty if nobody can tell.
   */
  private Optional<Long> missing(Position at) {
    PgFacts last = lastKnown(state, plan.old());
    return last == null || at.timeline() != last.timeline()
        ? Optional.empty()
        : Optional.of(Math.max(0, last.position() - at.position()));
  }

  private static @Nullable PgFacts lastKnown(State<PgFacts> state, MemberId old) {
    MemberState<PgFacts> member = state.member(old);
    PgFacts known = member == null ? null : member.known();
    return known == null || known.recovering() ? null : known;
  }

  /**
   * What a failover of an asynchronous cluster would lose as things are; empty if nothing, or if
   * nobody can tell.
   */
  public static Optional<String> atRisk(PostgresSpec spec, State<PgFacts> state) {
    Ledger ledger = Ledger.of(state.ledger());
    PgFacts last = ledger.primary().map(primary -> lastKnown(state, primary)).orElse(null);
    if (last == null || ledger.k() > 0) {
      return Optional.empty();
    }
    long furthest = -1;
    for (MemberId id : spec.members()) {
      MemberState<PgFacts> member = state.member(id);
      PgFacts facts = member == null ? null : member.known();
      if (facts != null && facts.recovering() && facts.timeline() == last.timeline()) {
        furthest = Math.max(furthest, facts.position());
      }
    }
    return furthest < 0 || furthest >= last.position()
        ? Optional.empty()
        : Optional.of(last.position() - furthest + " bytes at risk: no replica has them");
  }

  /**
   * What holds for commits that wait for nobody: the limit if there is one for everybody.
   *
   * @param guard what the primary's guard does; empty if it has none
   */
  public static String promise(
      PostgresSpec spec, Optional<MemberId> primary, Optional<String> guard) {
    long worst = 0;
    for (MemberId member : spec.members()) {
      Standing standing = spec.practice().policy().of(member);
      boolean may = !standing.never() && !primary.equals(Optional.of(member));
      worst = may ? Math.max(worst, standing.lagLimit()) : worst;
    }
    String guarded = guard.map(does -> "; " + does).orElse("");
    return worst == Standing.UNLIMITED
        ? (guard.isPresent() ? "guarded: " : "unguarded: ") + WAITS_FOR_NOBODY + guarded
        : "bounded by "
            + worst
            + " bytes: "
            + WAITS_FOR_NOBODY
            + "; a failover by itself loses at most so much of"
            + " what the primary had at the last look"
            + guarded;
  }
}
