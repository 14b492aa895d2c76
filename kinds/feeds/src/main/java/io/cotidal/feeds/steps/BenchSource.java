package io.cotidal.feeds.steps;

import io.cotidal.feeds.repository.HgHook;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.ActFailed;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bench of one replica, opened when it is needed first: a folder or a setting that is wrong is
 * then told by each look, until it is mended. Thread-safe.
 */
final class BenchSource {
  private final FeedsSpec spec;
  private final InstantSource clock;
  private final Optional<HgHook> hook;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Bench opened;

  BenchSource(FeedsSpec spec, InstantSource clock, Optional<HgHook> hook) {
    this.spec = spec;
    this.clock = clock;
    this.hook = hook;
  }

  /** The bench. */
  Bench get() throws ActFailed {
    Bench bench = opened;
    if (bench != null) {
      return bench;
    }
    opening.lock();
    try {
      Bench known = opened;
      if (known == null) {
        known = Bench.open(spec, clock, hook);
        opened = known;
      }
      return known;
    } finally {
      opening.unlock();
    }
  }

  void close() {
    Bench bench = opened;
    if (bench != null) {
      bench.close();
    }
  }
}
