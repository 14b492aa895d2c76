package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Sites that did not answer, and until when they are left alone. Thread-safe. */
final class Rests {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));

  private final RandomGenerator chance;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<MemberId, Rest> rests = new HashMap<>();

  Rests(RandomGenerator chance) {
    this.chance = chance;
  }

  /**
   * @param until a reading of {@link System#nanoTime()}
   */
  private record Rest(int failures, long until, String reason) {}

  /** It did not answer at that time. Failures side by side count as one. */
  void failed(MemberId site, String reason, long now) {
    lock.lock();
    try {
      Rest before = rests.get(site);
      if (before == null || now - before.until >= 0) {
        int failures = before == null ? 1 : before.failures + 1;
        rests.put(
            site, new Rest(failures, now + BACKOFF.pause(failures, chance).toNanos(), reason));
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

  /** Who is left alone now, and why. */
  Map<MemberId, String> now(long now) {
    lock.lock();
    try {
      Map<MemberId, String> all = new TreeMap<>();
      rests.forEach((site, rest) -> {
        if (now - rest.until < 0) {
          all.put(site, rest.reason);
        }
      });
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** When the first of them may be asked again. */
  long until(Collection<MemberId> sites, long now) {
    lock.lock();
    try {
      long least = BACKOFF.most().toNanos();
      for (MemberId site : sites) {
        Rest rest = rests.get(site);
        least = Math.min(least, rest == null ? 0 : Math.max(0, rest.until - now));
      }
      return now + least;
    } finally {
      lock.unlock();
    }
  }
}
