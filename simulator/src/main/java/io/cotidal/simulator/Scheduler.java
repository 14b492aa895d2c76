package io.cotidal.simulator;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Simulated time: runs what was planned in the order of its time, and of its planning where times
 * are equal.
 */
final class Scheduler {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  private record Entry(long at, long order, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private long now;
  private long order;

  /** Simulated nanoseconds since the history began. */
  long now() {
    return now;
  }

  void at(long time, Runnable action) {
    queue.add(new Entry(Math.max(time, now), order++, action));
  }

  void after(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  /** Runs everything that is due up to {@code end}, or until {@code enough}. */
  void runUntil(long end, BooleanSupplier enough) {
    while (true) {
      Entry next = queue.peek();
      if (next == null || next.at() > end || enough.getAsBoolean()) {
        now = end;
        return;
      }
      queue.remove();
      now = next.at();
      next.action().run();
    }
  }
}
