package io.cotidal.engine;

import io.cotidal.model.Moment;
import org.jspecify.annotations.Nullable;

/**
 * How the source of a resource's members is. Immutable.
 *
 * @param discovered whether a source names the members; else the configuration does
 * @param answered when it last said who they are; null if it never did
 * @param failingSince when it began not to answer; null while it answers
 * @param reason why it does not answer; empty while it does
 * @param streak how often in a row it did not answer
 * @param failures how often it did not answer since this process began
 */
public record SourceHealth(
    boolean discovered,
    @Nullable Moment answered,
    @Nullable Moment failingSince,
    String reason,
    int streak,
    long failures) {
  /** So often in a row, and it is no hiccup any more. */
  static final int DEGRADED = 2;

  /** The configuration names the members. */
  public static final SourceHealth CONFIGURED = new SourceHealth(false, null, null, "", 0, 0);

  /** A source will name them, and has not been heard of. */
  public static final SourceHealth AWAITED = new SourceHealth(true, null, null, "", 0, 0);

  /** It said who the members are. */
  SourceHealth answered(Moment now) {
    return new SourceHealth(true, now, null, "", 0, failures);
  }

  /** It could not answer. */
  SourceHealth failed(Moment now, String why) {
    Moment since = failingSince == null ? now : failingSince;
    return new SourceHealth(true, answered, since, why, streak + 1, failures + 1);
  }

  /** Whether nothing but times and counts differs: no plan and no verdict hangs on these. */
  boolean like(SourceHealth other) {
    return inForce() == other.inForce()
        && degraded() == other.degraded()
        && awaited() == other.awaited()
        && reason.equals(other.reason);
  }

  /** Whether nobody knows yet who the members are: a source names them and never answered. */
  public boolean awaited() {
    return discovered && answered == null;
  }

  /** Whether who is not named is lacked now, and not only unheard of. */
  public boolean inForce() {
    return !discovered || (answered != null && failingSince == null);
  }

  /** Whether an operator should know that the source does not answer. */
  public boolean degraded() {
    return streak >= DEGRADED || (failingSince != null && answered == null);
  }
}
