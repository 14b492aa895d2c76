package io.cotidal.postgres.observe;

import io.cotidal.postgres.spec.DiskLimits;
import java.util.Locale;

/** How much room a file system has left. */
public enum Headroom {
  /** As usual. */
  AMPLE,
  /** Somebody should look. */
  LITTLE,
  /** Somebody must act. */
  SHORT,
  /**
   * Less than two segments of the log: a promotion copies the segment that it begins in, and may
   * not find the room.
   */
  NONE;

  private static final long TWO_SEGMENTS = 2 * (16L << 20);

  /**
   * What is left. It falls at a limit, and rises only a quarter above it, so that room about the
   * limit is said once.
   *
   * @param before at the look before
   * @param free bytes
   * @param total bytes
   */
  public static Headroom of(Headroom before, long free, long total, DiskLimits limits) {
    if (under(free, TWO_SEGMENTS, before, NONE)) {
      return NONE;
    }
    if (under(free, limits.critical().of(total), before, SHORT)) {
      return SHORT;
    }
    return under(free, limits.warn().of(total), before, LITTLE) ? LITTLE : AMPLE;
  }

  private static boolean under(long free, long limit, Headroom before, Headroom level) {
    return free < limit || (before.compareTo(level) >= 0 && free < limit + limit / 4);
  }

  /** As it stands among the facts of a host. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
