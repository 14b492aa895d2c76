package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Sites that did not answer, and until when they are left alone. When that is over one asks for
 * all: the others wait for what it hears. Thread-safe.
 */
final class Rests {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(2));

  /** Who asks for all has heard something by then, or it is another's turn. */
  private static final Duration TRY = Duration.ofSeconds(10);

  private final RandomGenerator chance;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<MemberId, Rest> rests = new HashMap<>();

  Rests(RandomGenerator chance) {
    this.chance = chance;
  }

  /**
   * One site.
   *
   * @param until a reading of {@link System#nanoTime()}
   * @param tried whether one asks for all
   */
  private record Rest(int failures, long until, String reason, boolean tried) {
    boolean over(long now) {
      return now - until >= 0;
    }

    Rest trying(long now) {
      return new Rest(failures, now + TRY.toNanos(), reason, true);
    }
  }

  /** It did not answer at that time. Failures side by side count as one. */
  void failed(MemberId site, String reason, long now) {
    lock.lock();
    try {
      Rest before = rests.get(site);
      if (before == null || before.tried() || before.over(now)) {
        int failures = before == null ? 1 : before.failures() + 1;
        long until = now + BACKOFF.pause(failures, chance).toNanos();
        rests.put(site, new Rest(failures, until, reason, false));
      }
    } finally {
      lock.unlock();
    }
  }

  /** It answered. */
  void answered(MemberId site) {
    lock.lock();
    try {
      rests.remove(site);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who is to be left alone now, and why. Who has rested enough may be asked by the caller alone.
   */
  Map<MemberId, String> now(long now) {
    lock.lock();
    try {
      Map<MemberId, String> all = new TreeMap<>();
      rests.replaceAll((site, rest) -> {
        if (rest.over(now)) {
          return rest.trying(now);
        }
        all.put(site, rest.reason());
        return rest;
      });
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** When the first of them may be asked again; now, if there are none. */
  long until(Collection<MemberId> sites, long now) {
    if (sites.isEmpty()) {
      return now;
    }
    lock.lock();
    try {
      long least = TRY.toNanos();
      for (MemberId site : sites) {
        Rest rest = rests.get(site);
        least = Math.min(least, rest == null ? 0 : Math.max(0, rest.until() - now));
      }
      return now + least;
    } finally {
      lock.unlock();
    }
  }
}
