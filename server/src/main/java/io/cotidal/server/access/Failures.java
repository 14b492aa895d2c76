package io.cotidal.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts refused requests by who sent them, an address or a token, in windows of a minute. Bounded:
 * the least recently counted are forgotten first. A proven caller is never locked out by the
 * failures of others. Thread-safe.
 */
public final class Failures {
  /** The window, and what a client should wait. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST = 4096;

  private final InstantSource clock;
  private final int allowed;
  private final Map<String, Count> counts =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MOST;
        }
      };

  /** At most {@code allowed} failures a window. */
  public Failures(InstantSource clock, int allowed) {
    this.clock = clock;
    this.allowed = allowed;
  }

  private record Count(Instant since, int failures) {}

  /** Whether {@code who} has failed as often as is allowed in this window. Counts nothing. */
  public boolean reached(String who) {
    Instant now = clock.instant();
    synchronized (counts) {
      Count count = counts.get(who);
      return count != null
          && now.isBefore(count.since().plus(WINDOW))
          && count.failures() >= allowed;
    }
  }

  /** Counts a failure of {@code who}; true if there were too many in this window. */
  public boolean tooMany(String who) {
    Instant now = clock.instant();
    synchronized (counts) {
      Count before = counts.get(who);
      Count after = new Count(now, 1);
      if (before != null && now.isBefore(before.since().plus(WINDOW))) {
        after = new Count(before.since(), before.failures() + 1);
      }
      counts.put(who, after);
      return after.failures() > allowed;
    }
  }
}
