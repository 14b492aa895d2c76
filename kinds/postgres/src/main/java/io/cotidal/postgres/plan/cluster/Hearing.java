package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a replica's receiver says of a primary that does not answer us. One that streams from
 * another replica hears that one, alive or not as the primary may be: its word counts as far as
 * each on the way hears the next.
 */
final class Hearing {
  /** What it says. */
  enum Word {
    /** The primary lives: messages of its come. */
    LIVES,
    /** Nothing comes from it. */
    NOTHING,
    /** It streamed, and has not been asked lately. */
    STALE,
    /** It hears somebody of whom nobody can tell whether the primary is heard there. */
    UNKNOWN
  }

  private final PostgresSpec spec;
  private final State<PgFacts> state;

  Hearing(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** What the member, which answers, says of {@code primary}. */
  Word of(MemberState<PgFacts> member, MemberId primary) {
    Set<MemberId> passed = new TreeSet<>();
    MemberState<PgFacts> at = member;
    boolean stale = false;
    while (passed.add(at.id())) {
      PgFacts facts = at.facts();
      if (facts == null && at.host().process() == Host.Process.GONE) {
        return Word.NOTHING;
      }
      if (facts == null) {
        return stale ? Word.STALE : Word.UNKNOWN;
      }
      PgFacts.Receiver receiver = facts.receiver();
      MemberId sender = receiver == null || !receiver.streaming() ? null : receiver.sender();
      if (receiver == null || sender == null) {
        return Word.NOTHING;
      }
      if (stale(at)) {
        stale = true;
      } else if (!hears(at, receiver)) {
        return Word.NOTHING;
      }
      if (sender.equals(primary)) {
        return stale ? Word.STALE : Word.LIVES;
      }
      MemberState<PgFacts> next = state.member(sender);
      if (next == null) {
        return Word.NOTHING;
      }
      at = next;
    }
    // They stream from one another in a circle, and from nobody else.
    return Word.NOTHING;
  }

  /**
   * Whether the replica heard from its sender lately, counting the time since we asked: but no more
   * than a tick of it, for after that we should have asked again.
   */
  private boolean hears(MemberState<PgFacts> member, PgFacts.Receiver receiver) {
    long sinceLook = Math.min(sinceLook(member), spec.failover().tick().toNanos()) / Moment.MILLI;
    return receiver.silentMillis() + sinceLook < spec.failover().silence().toMillis();
  }

  /**
   * Whether we have not asked the replica for longer than a look and the next one take. It streamed
   * then; that it does no more is not known. The look that is late comes, or fails.
   */
  private boolean stale(MemberState<PgFacts> member) {
    Failover failover = spec.failover();
    return sinceLook(member)
        > failover.tick().plus(failover.deadline()).plus(failover.deadline()).toNanos();
  }

  private long sinceLook(MemberState<PgFacts> member) {
    return state.now().nanosSince(member.observedAt());
  }
}
