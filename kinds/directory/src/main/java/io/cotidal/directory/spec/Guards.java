package io.cotidal.directory.spec;

import java.time.Duration;

/**
 * What keeps data from harm.
 *
 * @param grace a member that its source names no more is let go of only after so long
 * @param reinitialise whether a member whose changes can no longer be caught up may be filled anew
 *     from another without being asked about
 * @param skew clocks that differ by more are warned of
 * @param lag a link that is behind by more is degraded
 */
public record Guards(Duration grace, boolean reinitialise, Duration skew, Duration lag) {
  /**
   * What holds if nobody says otherwise: long enough for a host to restart, and for a supplier that
   * pauses before it tries a consumer again.
   */
  public static final Guards DEFAULT =
      new Guards(Duration.ofMinutes(5), false, Duration.ofSeconds(30), Duration.ofMinutes(1));
}
