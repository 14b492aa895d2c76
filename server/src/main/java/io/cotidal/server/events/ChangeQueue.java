package io.cotidal.server.events;

import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane.Change;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a stream has yet to send. Updates of one resource merge into the newest; when more events
 * wait than fit, all are dropped for one {@link Change.Resync}. Bounded, and never blocks the one
 * who puts. Thread-safe.
 */
final class ChangeQueue {
  private static final int MOST = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Change.Logged> events = new ArrayDeque<>();
  private final Map<ResourceId, Change.Updated> updates = new LinkedHashMap<>();
  private boolean resync;
  private boolean closed;

  void put(Change change) {
    lock.lock();
    try {
      switch (change) {
        case Change.Updated updated -> updates.put(updated.id(), updated);
        case Change.Resync _ -> lose();
        case Change.Logged logged -> {
          if (events.size() < MOST) {
            events.add(logged);
          } else {
            lose();
          }
        }
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void lose() {
    events.clear();
    updates.clear();
    resync = true;
  }

  /** Nothing more will come; whoever waits is told. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next change; null if none came within {@code nanos}, or the queue is closed.
   *
   * @param withUpdates whether updates are wanted now, or may gather
   */
  @Nullable Change next(long nanos, boolean withUpdates) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (true) {
        Change change = closed ? null : take(withUpdates);
        if (change != null || closed || left <= 0) {
          return change;
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Change take(boolean withUpdates) {
    if (resync) {
      resync = false;
      return new Change.Resync();
    }
    Change event = events.poll();
    if (event != null || !withUpdates) {
      return event;
    }
    Iterator<Change.Updated> first = updates.values().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Change update = first.next();
    first.remove();
    return update;
  }
}
