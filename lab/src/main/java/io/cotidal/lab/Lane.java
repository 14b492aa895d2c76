package io.cotidal.lab;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The faults of one way through the proxy, shared by its connections. Thread-safe. */
final class Lane {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Duration delay = Duration.ZERO;
  private boolean held;
  private long carried;

  /** So many bytes more were passed on. */
  void carry(int bytes) {
    change(() -> carried += bytes);
  }

  long carried() {
    lock.lock();
    try {
      return carried;
    } finally {
      lock.unlock();
    }
  }

  void delay(Duration newDelay) {
    change(() -> delay = newDelay);
  }

  void hold() {
    change(() -> held = true);
  }

  void release() {
    change(() -> held = false);
  }

  /**
   * Returns when what was read at {@code readNanos} may be passed on.
   *
   * @throws InterruptedException if the connection ends meanwhile
   */
  void await(long readNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long early = readNanos + delay.toNanos() - System.nanoTime();
        if (held) {
          changed.await();
        } else if (early > 0) {
          long left = changed.awaitNanos(early);
          assert left <= early;
        } else {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
