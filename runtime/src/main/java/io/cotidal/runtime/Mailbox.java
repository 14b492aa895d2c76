package io.cotidal.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;

/**
 * What waits for one reader. It refuses nothing and loses nothing; but when many messages wait, a
 * new one takes the place of those that it supersedes, so that a slow reader reads news and not
 * history.
 */
final class Mailbox<M> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<M> waiting = new ArrayDeque<>();
  private final int crowd;
  private final BiPredicate<M, M> supersedes;

  /**
   * An empty mailbox.
   *
   * @param crowd from how many waiting messages on superseded ones are thrown away
   * @param supersedes whether the first, new message makes the second, older one worthless
   */
  Mailbox(int crowd, BiPredicate<M, M> supersedes) {
    this.crowd = crowd;
    this.supersedes = supersedes;
  }

  void put(M message) {
    lock.lock();
    try {
      if (waiting.size() >= crowd) {
        waiting.removeIf(older -> supersedes.test(message, older));
      }
      waiting.add(message);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest message; waits for one. */
  M take() {
    lock.lock();
    try {
      while (true) {
        M oldest = waiting.poll();
        if (oldest != null) {
          return oldest;
        }
        arrived.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
