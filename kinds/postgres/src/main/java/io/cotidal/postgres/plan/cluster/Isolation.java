package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a primary that answers us is cut off from its replicas, to the harm of those who write.
 *
 * <p>Only where commits wait for replicas: a primary that waits for nobody goes on acknowledging,
 * and replacing it would lose what it acknowledges. And only if another one could do better: its
 * successor must hold every acknowledged commit, and leave as many behind it as a commit waits for.
 */
public final class Isolation {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;
  private final Hearing hearing;

  /** As of that state. */
  public Isolation(PostgresSpec spec, State<PgFacts> state) {
    this(spec, state, Ledger.of(state.ledger()), Out.of(state));
  }

  /** The same for whoever has read the ledger already. */
  Isolation(PostgresSpec spec, State<PgFacts> state, Ledger ledger, Out out) {
    this.spec = spec;
    this.state = state;
    this.ledger = ledger;
    this.out = out;
    this.hearing = new Hearing(spec, state);
  }

  /** Whether such a primary is to be replaced at all. */
  public static boolean minded(PostgresSpec spec, Ledger ledger) {
    return spec.failover().isolated().isPositive() && ledger.k() > 0;
  }

  /** Who does not hear {@code primary}, which answers; empty unless it is isolated. */
  List<MemberId> of(MemberState<PgFacts> primary) {
    PgFacts facts = primary.facts();
    boolean waits =
        minded(spec, ledger)
            && facts != null
            && !facts.recovering()
            && !hearing.stale(primary)
            && lasts(facts.stall().waitingMillis());
    if (!waits) {
      return List.of();
    }
    List<MemberId> unhearing = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts known = standby(member, primary.id());
      if (known == null) {
        continue;
      }
      if (!unhearing(member, known, primary.id())) {
        return List.of();
      }
      if (!ledger.mustBeCopied(member.id())) {
        unhearing.add(member.id());
      }
    }
    return helps(unhearing) ? unhearing : List.of();
  }

  private @Nullable PgFacts standby(MemberState<PgFacts> member, MemberId primary) {
    boolean counts = !member.id().equals(primary) && !out.aside(member.id());
    return counts ? member.facts() : null;
  }

  /**
   * Whether it surely hears nothing, and has not for long enough. One that streams from another
   * replica hears that one; who is off the list confirms nothing, and need not have waited.
   */
  private boolean unhearing(MemberState<PgFacts> member, PgFacts facts, MemberId primary) {
    return !hearing.stale(member)
        && hearing.of(member, primary) == Hearing.Word.NOTHING
        && (!ledger.quorum().contains(member.id()) || lasts(facts.stall().unheardMillis()));
  }

  private boolean lasts(long millis) {
    return millis >= spec.failover().isolated().toMillis();
  }

  /**
   * Whether one of them may be promoted, and enough of the others are left to confirm commits: as
   * many of the quorum list would tell their position as must, by what they tell now.
   */
  private boolean helps(List<MemberId> unhearing) {
    long told = unhearing.stream().filter(ledger.quorum()::contains).filter(this::counts).count();
    boolean willing =
        unhearing.stream()
            .anyMatch(member -> counts(member) && !spec.practice().policy().of(member).never());
    return willing && told >= ledger.needed() && unhearing.size() > ledger.k();
  }

  private boolean counts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    PgFacts facts = member == null ? null : member.facts();
    return facts != null && ledger.counts(id, facts.timeline(), facts.position(), false);
  }

  /**
   * Who hears {@code primary} again, of those that were not cut off from it on purpose. As long as
   * nobody does, what a failover began for still holds.
   */
  public Optional<MemberId> heardBy(MemberId primary, Predicate<MemberId> cutOff) {
    return state.members().values().stream()
        .filter(member -> standby(member, primary) != null)
        .filter(member -> !cutOff.test(member.id()))
        .filter(member -> hearing.of(member, primary) == Hearing.Word.LIVES)
        .map(MemberState::id)
        .findFirst();
  }

  /**
   * Wall time, in microseconds, at which those who wait have waited for long enough, if {@code
   * primary} may be isolated: no look shows anything new then.
   */
  public static long due(PostgresSpec spec, State<PgFacts> state, MemberId primary) {
    MemberState<PgFacts> member = state.member(primary);
    PgFacts facts = member == null ? null : member.facts();
    long waiting = facts == null ? 0 : facts.stall().waitingMillis();
    long isolated = spec.failover().isolated().toMillis();
    if (waiting == 0 || waiting >= isolated) {
      return Long.MAX_VALUE;
    }
    boolean unheard =
        state.members().values().stream()
            .map(MemberState::facts)
            .anyMatch(one -> one != null && one.stall().unheardMillis() >= isolated);
    Duration left = Duration.ofMillis(isolated - waiting).plus(spec.failover().tick());
    return unheard ? state.now().micros() + left.toNanos() / 1_000 : Long.MAX_VALUE;
  }

  /** What the primary tells of those who wait, and the rule that is met. */
  Details evidence(MemberState<PgFacts> primary, Details others) {
    PgFacts facts = primary.facts();
    Long oldest = facts == null ? null : facts.stall().oldestMillis();
    return others
        .with("waiting-ms", facts == null ? 0 : facts.stall().waitingMillis())
        .with("oldest-statement-ms", oldest == null ? 0 : oldest)
        .with(
            "rule",
            "for "
                + spec.failover().isolated().toMillis()
                + " ms commits wait for replicas, and no replica that answers hears the primary; "
                + ledger.needed()
                + " of "
                + Ledger.join(ledger.quorum())
                + " can tell their position, and "
                + ledger.k()
                + " can confirm the successor's commits");
  }
}
