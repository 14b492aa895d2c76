package io.cotidal.store;

import io.cotidal.engine.Store.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Work that waits for the writer, in lanes, each bounded by itself: failovers go before operations,
 * operations before events that come in bulk. Work of one resource keeps the order of the calls,
 * whatever its lanes. Thread-safe.
 */
final class Waiting {
  /** So much work may wait in each lane: seconds of it on a slow disk, a few megabytes. */
  static final int LIMIT = 8_192;

  /** A change to the store; false if it was refused, and then nothing of it stays. */
  interface Work {
    boolean write(Connection connection) throws SQLException;
  }

  /** What goes before what. */
  enum Lane {
    /** What replaces a primary, takes over, or finds out what became of such a thing. */
    FAILOVER,
    /** Everything else that people or plans want. */
    OPERATIONS,
    /** What is only told: events, uses of tokens. */
    BULK
  }

  /**
   * One change and who wants to know.
   *
   * @param resource whose order of calls it keeps
   * @param what names the work in the log
   */
  record Entry(String resource, Lane lane, String what, Work work, Consumer<Result> then) {}

  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Entry> entries = new ArrayList<>();
  private boolean closed;

  Waiting(int limit) {
    this.limit = limit;
  }

  /** Adds work; false if there is no room, or no writer any more. */
  boolean offer(Entry entry) {
    lock.lock();
    try {
      long before = entries.stream().filter(each -> each.lane() == entry.lane()).count();
      if (closed || before >= limit) {
        return false;
      }
      entries.add(entry);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes at most {@code most} entries, of the first lane that has any, and of other lanes what
   * must go before those; empty if none came for {@code nanos}, or if none will come any more.
   */
  List<Entry> take(int most, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (entries.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return pick(most);
    } finally {
      lock.unlock();
    }
  }

  private List<Entry> pick(int most) {
    if (entries.isEmpty()) {
      return List.of();
    }
    int count = entries.size();
    Lane[] lanes = new Lane[count];
    Map<String, Lane> behind = new HashMap<>();
    Lane first = Lane.BULK;
    for (int i = count - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      lanes[i] = behind.merge(entry.resource(), entry.lane(), Waiting::earlier);
      first = earlier(first, lanes[i]);
    }
    List<Entry> taken = new ArrayList<>();
    List<Entry> left = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean now = lanes[i] == first && taken.size() < most;
      (now ? taken : left).add(entries.get(i));
    }
    entries = left;
    return List.copyOf(taken);
  }

  private static Lane earlier(Lane one, Lane other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** Takes no more work; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether no work waits and none will come. */
  boolean finished() {
    lock.lock();
    try {
      return closed && entries.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
