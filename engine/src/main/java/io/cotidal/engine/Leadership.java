package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From winning an election to being allowed to act: look at every member, raise the epoch above
 * everything seen, stamp every reachable member, and only then lead. A member that comes back later
 * is stamped before anything else.
 */
final class Leadership {
  /** Where this control plane stands with the resource. */
  enum Phase {
    /** Somebody else may act, or nobody. */
    FOLLOWING,
    /** The election is won; members are being looked at. */
    CLAIMING,
    /** The new epoch is being committed. */
    RAISING,
    /** The new epoch is committed; what the one before wrote until then is being read. */
    LOADING,
    /** The new epoch is committed; members are being stamped. */
    STAMPING,
    /** It may act. */
    LEADING
  }

  /** How often a member that could not be stamped is tried again. */
  private static final long STAMP_AGAIN = 500 * Moment.MILLI;

  private Phase phase = Phase.FOLLOWING;
  private long since;
  private long highestSeen;
  private final Map<MemberId, Long> stamping = new HashMap<>();

  Phase phase() {
    return phase;
  }

  boolean leading() {
    return phase == Phase.LEADING;
  }

  /** Whether the epoch in force is one that was claimed, or is about to be claimed anew. */
  boolean underEpoch() {
    return switch (phase) {
      case CLAIMING, STAMPING, LEADING -> true;
      case FOLLOWING, RAISING, LOADING -> false;
    };
  }

  /** An election was won, or an epoch newer than ours was met. */
  void claim(Moment now, long epochSeen) {
    phase = Phase.CLAIMING;
    since = now.nanos();
    highestSeen = Math.max(highestSeen, epochSeen);
    stamping.clear();
  }

  void lose() {
    phase = Phase.FOLLOWING;
    stamping.clear();
  }

  void raised() {
    phase = Phase.LOADING;
  }

  void loaded(Moment now) {
    phase = Phase.STAMPING;
    since = now.nanos();
  }

  /** Back to claiming, because the new epoch was not committed. */
  void notRaised(Moment now) {
    phase = Phase.CLAIMING;
    since = now.nanos();
  }

  void lead() {
    phase = Phase.LEADING;
  }

  /** When a phase ends even if a member has not answered. */
  long deadline(Spec spec) {
    return since + 2 * spec.deadline().toNanos() + spec.tick().toNanos();
  }

  /** Whether every member has been looked at since the election, or had the time to answer. */
  <F> boolean looked(State<F> state, Spec spec) {
    return state.now().nanos() >= deadline(spec)
        || state.members().values().stream()
            .allMatch(member -> member.latest() != null && member.observedAt() >= since);
  }

  /** The epoch to claim: above the store's and above every member's. */
  <F> Row.RaiseEpoch raise(State<F> state) {
    phase = Phase.RAISING;
    long highest = Math.max(state.epoch(), highestSeen);
    for (MemberState<F> member : state.members().values()) {
      highest = Math.max(highest, member.host().stamp().epoch());
    }
    return new Row.RaiseEpoch(state.epoch(), highest + 1);
  }

  /** Asks every reachable member that has not taken our epoch to take it. */
  <F> void stamp(State<F> state, Spec spec, List<Effect> effects) {
    if (spec.mode() == Mode.OBSERVE) {
      return;
    }
    long now = state.now().nanos();
    for (MemberState<F> member : state.members().values()) {
      boolean due = stamping.getOrDefault(member.id(), Long.MIN_VALUE) <= now;
      if (!member.stamped() && member.reachable() && due) {
        stamping.put(member.id(), now + spec.deadline().toNanos() + STAMP_AGAIN);
        effects.add(
            new Effect.StampMember(member.id(), new Stamp(state.epoch(), 0), spec.deadline()));
      }
    }
  }

  void answered(MemberId member, Moment now, boolean done) {
    if (done) {
      stamping.remove(member);
    } else {
      stamping.put(member, now.nanos() + STAMP_AGAIN);
    }
  }

  /** Whether no reachable member is left without our stamp, or the time for it is over. */
  <F> boolean stamped(State<F> state, Spec spec) {
    return spec.mode() == Mode.OBSERVE
        || state.now().nanos() >= deadline(spec)
        || state.members().values().stream()
            .allMatch(member -> member.stamped() || !member.reachable());
  }
}
