package io.cotidal.postgres.observe;

import org.jspecify.annotations.Nullable;

/**
 * What stands still at a server: commits that wait for replicas, or the log that should come to it.
 *
 * @param oldestMillis by the server's clock the age of the oldest statement whose commit waits for
 *     replicas now; null if none waits, or if the server does not tell. A statement may have run
 *     for long before it came to wait: it is told, and nothing is decided by it
 * @param waitingMillis for how long every look has found a commit that waits, whosever it was; 0 if
 *     the latest found none
 * @param unheardMillis of a standby, for how long every look has found nothing that comes from whom
 *     it follows; 0 of a primary
 */
public record Stall(@Nullable Long oldestMillis, long waitingMillis, long unheardMillis) {
  /** Nothing stands still, or nothing is known of it. */
  public static final Stall NONE = new Stall(null, 0, 0);

  /** What one look tells, with no other before it. */
  static Stall told(@Nullable Long oldestMillis) {
    return oldestMillis == null ? NONE : new Stall(oldestMillis, 0, 0);
  }
}
