package io.cotidal.engine;

import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one member.
 *
 * @param latest the latest observation; null before the first
 * @param observedAt monotonic time at which the latest observation began
 * @param known the facts of the last observation in which the server answered; null before the
 *     first
 * @param knownAt monotonic time of that observation
 * @param streak how many observations in a row were failures (refused or silent)
 * @param failingSince monotonic time of the first observation of the streak
 * @param stamped whether the member's gate took our epoch since the member was last out of reach
 * @param <F> the kind's facts
 */
public record MemberState<F>(
    MemberId id,
    @Nullable Observation<F> latest,
    long observedAt,
    @Nullable F known,
    long knownAt,
    int streak,
    long failingSince,
    boolean stamped) {

  /** A member that has not been looked at. */
  public static <F> MemberState<F> unseen(MemberId id) {
    return new MemberState<>(id, null, 0, null, 0, 0, 0, false);
  }

  /** The state after one more look, which began at monotonic time {@code begun}. */
  public MemberState<F> next(Observation<F> seen, long begun) {
    boolean reachable = seen.host().answered() || seen instanceof Observation.Seen<F>;
    boolean stillStamped = stamped && reachable;
    return switch (seen) {
      case Observation.Seen<F> s ->
          new MemberState<>(id, s, begun, s.facts(), begun, 0, 0, stillStamped);
      case Observation.Refused<F> r -> failed(r, begun, stillStamped);
      case Observation.Silent<F> s -> failed(s, begun, stillStamped);
      case Observation.CannotTell<F> c ->
          new MemberState<>(id, c, begun, known, knownAt, 0, 0, stillStamped);
    };
  }

  private MemberState<F> failed(Observation<F> seen, long begun, boolean stillStamped) {
    return new MemberState<>(
        id,
        seen,
        begun,
        known,
        knownAt,
        streak + 1,
        streak == 0 ? begun : failingSince,
        stillStamped);
  }

  /** The same, stamped or not. */
  MemberState<F> stamped(boolean isStamped) {
    return new MemberState<>(
        id, latest, observedAt, known, knownAt, streak, failingSince, isStamped);
  }

  /** The same without its streak: our own pause must not count against the member. */
  MemberState<F> forgiven() {
    return new MemberState<>(id, latest, observedAt, known, knownAt, 0, 0, stamped);
  }

  /** Whether the server answered the latest look. */
  public boolean answers() {
    return latest instanceof Observation.Seen<F>;
  }

  /** The facts of the latest look if the server answered it, else null. */
  public @Nullable F facts() {
    return answers() ? known : null;
  }

  /** What the member's side said in the latest look. */
  public Host host() {
    return latest == null ? Host.UNKNOWN : latest.host();
  }

  /** Whether the member can be acted on at all. */
  public boolean reachable() {
    return answers() || host().answered();
  }

  /** For how many nanoseconds the streak of failures has lasted; 0 without one. */
  public long failingFor(long nowNanos) {
    return streak == 0 ? 0 : nowNanos - failingSince;
  }
}
