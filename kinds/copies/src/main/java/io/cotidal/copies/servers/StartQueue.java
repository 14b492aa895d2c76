package io.cotidal.copies.servers;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets so many servers start at a time, in the order in which they were asked for. A start keeps a
 * processor busy: fifty at once all answer when the last one does; one after the other, the first
 * answers fifty times earlier. Thread-safe.
 */
public final class StartQueue {
  private final Semaphore turns;
  private final int limit;

  /** One permission to start. Closing it twice is no error. */
  public final class Turn implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();

    private Turn() {}

    @Override
    public void close() {
      if (over.compareAndSet(false, true)) {
        turns.release();
      }
    }
  }

  /**
   * A queue.
   *
   * @param limit how many start at a time; at least 1
   */
  public StartQueue(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit of starts " + limit + ": write 1 or more");
    }
    this.limit = limit;
    this.turns = new Semaphore(limit, true);
  }

  /** As many as this machine has processors. */
  public static int limitHere() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Waits for a turn. It is over when it is closed: once the server answers, or does not.
   *
   * @throws IOException if the turn did not come by the deadline
   */
  public Turn enter(Deadline deadline) throws IOException, InterruptedException {
    if (!turns.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException(
          "too many servers start at once ("
              + limit
              + " at a time, "
              + waiting()
              + " more wait): try again later");
    }
    return new Turn();
  }

  /** About how many wait. */
  public int waiting() {
    return turns.getQueueLength();
  }
}
