package io.cotidal.runtime;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to hear of changes, each with a bounded queue and a thread of its own. */
final class Subscribers {
  private static final Logger log = LoggerFactory.getLogger(Subscribers.class);

  /** How many changes a listener may be behind before it must read everything again. */
  static final int LIMIT = 1024;

  private final List<Subscriber> all = new CopyOnWriteArrayList<>();

  /**
   * Tells {@code listener} of every change from now on, until the answer is closed or the listener
   * throws.
   */
  AutoCloseable add(Consumer<ControlPlane.Change> listener) {
    Subscriber subscriber = new Subscriber(listener);
    all.add(subscriber);
    Thread.ofVirtual().name("subscriber").start(subscriber::run);
    return () -> remove(subscriber);
  }

  /** Never blocks. */
  void tell(ControlPlane.Change change) {
    all.forEach(subscriber -> subscriber.offer(change));
  }

  void close() {
    all.forEach(this::remove);
  }

  private void remove(Subscriber subscriber) {
    all.remove(subscriber);
    subscriber.end();
  }

  private final class Subscriber {
    private final Consumer<ControlPlane.Change> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ControlPlane.Change> queue = new ArrayDeque<>();
    private boolean ended;

    Subscriber(Consumer<ControlPlane.Change> listener) {
      this.listener = listener;
    }

    void offer(ControlPlane.Change change) {
      lock.lock();
      try {
        if (queue.size() >= LIMIT) {
          queue.clear();
          queue.add(new ControlPlane.Change.Resync());
        }
        queue.add(change);
        arrived.signal();
      } finally {
        lock.unlock();
      }
    }

    void end() {
      lock.lock();
      try {
        ended = true;
        queue.clear();
        arrived.signal();
      } finally {
        lock.unlock();
      }
    }

    private ControlPlane.@Nullable Change next() {
      lock.lock();
      try {
        while (queue.isEmpty() && !ended) {
          arrived.awaitUninterruptibly();
        }
        return queue.poll();
      } finally {
        lock.unlock();
      }
    }

    void run() {
      try {
        for (ControlPlane.Change change = next(); change != null; change = next()) {
          listener.accept(change);
        }
      } catch (RuntimeException | Error e) {
        log.warn("event=subscriber-dropped reason=\"{}\"", Failures.sentence(e));
        remove(this);
      }
    }
  }
}
