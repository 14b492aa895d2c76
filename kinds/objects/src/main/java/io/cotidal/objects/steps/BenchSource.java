package io.cotidal.objects.steps;

import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.remote.ActFailed;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The desk of one namespace, opened when it is needed first: a folder that is wrong is then told by
 * each look, until it is mended. Thread-safe.
 */
final class BenchSource {
  private final ObjectsSpec spec;
  private final InstantSource clock;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Work opened;
  private boolean closed;

  BenchSource(ObjectsSpec spec, InstantSource clock) {
    this.spec = spec;
    this.clock = clock;
  }

  /** What works at it. */
  Work get() throws ActFailed {
    try {
      Work work = opened;
      if (work == null) {
        return opened();
      }
      work.bench().refresh();
      return work;
    } catch (IOException e) {
      throw ActFailed.because(e);
    }
  }

  private Work opened() throws ActFailed {
    opening.lock();
    try {
      if (closed) {
        throw new ActFailed(spec.id() + " is being closed");
      }
      Work known = opened;
      if (known == null) {
        known = new Work(Bench.open(spec, clock));
        opened = known;
      }
      return known;
    } catch (IOException | IllegalArgumentException e) {
      throw ActFailed.because(e);
    } finally {
      opening.unlock();
    }
  }

  void close() {
    opening.lock();
    try {
      closed = true;
      Work work = opened;
      if (work != null) {
        work.close();
      }
    } finally {
      opening.unlock();
    }
  }
}
