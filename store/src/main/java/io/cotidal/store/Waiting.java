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
 * Work that waits for the writer. Bounded. Urgent work overtakes the others, but never work of its
 * own lane: in one lane the order of calls stands. Thread-safe.
 */
final class Waiting {
  /**
   * So much ordinary work may wait: seconds of it on a slow disk, a few megabytes. Urgent work may
   * add as much again.
   */
  static final int LIMIT = 8_192;

  /** A change to the store; false if it was refused, and then nothing of it stays. */
  interface Work {
    boolean write(Connection connection) throws SQLException;
  }

  /**
   * One change and who wants to know.
   *
   * @param lane the resource; work of one lane keeps its order
   * @param what names the work in the log
   */
  record Entry(String lane, boolean urgent, String what, Work work, Consumer<Result> then) {}

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
      if (closed || entries.size() >= (entry.urgent() ? 2 * limit : limit)) {
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
   * Takes at most {@code most} entries, urgent lanes first; empty if none came for {@code nanos},
   * or if none will come any more.
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
    Map<String, Integer> lastUrgent = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).urgent()) {
        lastUrgent.put(entries.get(i).lane(), i);
      }
    }
    List<Entry> first = new ArrayList<>();
    List<Entry> second = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      (i <= lastUrgent.getOrDefault(entry.lane(), -1) ? first : second).add(entry);
    }
    first.addAll(second);
    int count = Math.min(most, first.size());
    entries = new ArrayList<>(first.subList(count, first.size()));
    return List.copyOf(first.subList(0, count));
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
