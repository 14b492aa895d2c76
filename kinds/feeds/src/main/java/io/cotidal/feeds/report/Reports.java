package io.cotidal.feeds.report;

import io.cotidal.feeds.report.Delivery.Obstacle;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a replica tells the master's three tables. {@link #tell} keeps a record on the disk, whether
 * the master is there or not; {@link #deliver} brings all that wait, in the order in which they
 * were told, and lets go of them when the master has committed them. One that was brought is not
 * brought again, except after a kill between that commit and the removal: then it changes nothing.
 * Thread-safe; one object a folder.
 */
public final class Reports implements AutoCloseable {
  private static final int TOGETHER = 200;

  private final Queue queue;
  private final Master master;
  private final ReentrantLock delivering = new ReentrantLock();

  /**
   * With what waits in {@code queueFolder} from before.
   *
   * @param queueFolder used by nobody else; made if it is not there
   * @throws ReportException if it cannot be read
   */
  public Reports(FeedsSpec.Status status, Path queueFolder) throws ReportException {
    this.queue = Queue.open(queueFolder);
    this.master = new Master(status);
  }

  /**
   * Keeps the record, through a power cut, until it is delivered. It replaces older ones that it
   * leaves nothing to say.
   *
   * @throws ReportException if the disk does not take it; an older one about the same is still kept
   */
  public void tell(Told told) throws ReportException {
    queue.put(told);
  }

  /** How many wait. */
  public int waiting() {
    return queue.waiting().size();
  }

  /**
   * Brings what waits, and what is told meanwhile, in transactions of some hundred records.
   *
   * @throws InterruptedException if the thread was interrupted; what waits is kept
   */
  public Delivery deliver(Deadline deadline) throws InterruptedException {
    if (!delivering.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      return new Delivery.Waiting(
          0, waiting(), Obstacle.UNREACHABLE, "another delivery of this replica is under way");
    }
    try {
      return all(deadline);
    } finally {
      delivering.unlock();
    }
  }

  private Delivery all(Deadline deadline) throws InterruptedException {
    int sent = 0;
    Set<Slip> rejected = new HashSet<>();
    String why = "";
    while (true) {
      List<Slip> next = next(rejected);
      if (next.isEmpty()) {
        return rejected.isEmpty()
            ? new Delivery.Delivered(sent)
            : new Delivery.Waiting(sent, waiting(), Obstacle.RECORDS, why);
      }
      switch (master.send(next, deadline)) {
        case Sent.Stopped stopped -> {
          if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while reports were delivered");
          }
          return new Delivery.Waiting(sent, waiting(), stopped.obstacle(), stopped.reason());
        }
        case Sent.Rejected one -> {
          rejected.add(one.slip());
          why = one.reason();
        }
        case Sent.Committed committed -> {
          sent += next.size();
          try {
            queue.told(next);
          } catch (ReportException e) {
            return new Delivery.Waiting(sent, waiting(), Obstacle.FOLDER, e.line());
          }
        }
      }
    }
  }

  private List<Slip> next(Set<Slip> rejected) {
    List<Slip> next = new ArrayList<>(queue.waiting());
    next.removeAll(rejected);
    return next.subList(0, Math.min(TOGETHER, next.size()));
  }

  /** Ends the session with the master. What waits is kept. */
  @Override
  public void close() {
    delivering.lock();
    try {
      master.close();
    } finally {
      delivering.unlock();
    }
  }
}
