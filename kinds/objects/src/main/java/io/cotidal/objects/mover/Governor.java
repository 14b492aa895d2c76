package io.cotidal.objects.mover;

import io.cotidal.remote.Deadline;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much one site is asked at the same time: more while it answers, half as much when it is in
 * trouble, between one and a limit. One for each site, shared by all that is moved there.
 * Thread-safe.
 */
public final class Governor {
  private static final int FIRST = 4;

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private final int most;
  private double room;
  private boolean cautious;
  private int busy;
  private long entered;
  private long halved;
  private long troubles;

  /**
   * A governor.
   *
   * @param most so many calls at the same time at most
   */
  public Governor(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("allow one call at a time at least");
    }
    this.most = most;
    this.room = Math.min(FIRST, most);
  }

  /** How many calls it lets go on at the same time now. */
  public int limit() {
    lock.lock();
    try {
      return (int) room;
    } finally {
      lock.unlock();
    }
  }

  /** How many go on. */
  public int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  /** How many calls have found the site in trouble so far. */
  public long troubles() {
    lock.lock();
    try {
      return troubles;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until one more may begin; empty if it may not until the deadline. */
  Optional<Permit> enter(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (busy >= (int) room) {
        long left = deadline.left().toNanos();
        if (left <= 0 || (!changed.await(left, TimeUnit.NANOSECONDS) && deadline.over())) {
          return Optional.empty();
        }
      }
      busy++;
      return Optional.of(new Permit(++entered));
    } finally {
      lock.unlock();
    }
  }

  /** One call. It is closed when it is over; before that it is said how it went. */
  final class Permit implements AutoCloseable {
    private final long number;

    private Permit(long number) {
      this.number = number;
    }

    /** The site answered. */
    void well() {
      lock.lock();
      try {
        room = Math.min(most, room + (cautious ? 1 / room : 1));
      } finally {
        lock.unlock();
      }
    }

    /** The site was in trouble. Calls that began before the last halving say nothing new. */
    void badly() {
      lock.lock();
      try {
        troubles++;
        cautious = true;
        if (number > halved) {
          room = Math.max(1, room / 2);
          halved = entered;
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        busy--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
