package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.kept.CallFailed.Why;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one server, kept for the calls to come. Thread-safe. What is sent may hold
 * secrets: without TLS it goes only where the guard lets secrets go. TLS servers are checked by the
 * authorities of the Java runtime and those of the guard beside them.
 *
 * <p>A connection that was used before may have been closed meanwhile. A call that finds it so is
 * sent once more, over a new one, if nothing of an answer came, and either nothing was sent or no
 * body was and doing it twice does what doing it once does.
 */
public final class Connections implements AutoCloseable {
  private final HttpAddress address;
  private final Limits limits;
  private final Dial dial;
  private final Semaphore room;
  private final ConcurrentLinkedDeque<Line> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** None is made before it is needed. */
  public Connections(HttpAddress address, Guard guard, Limits limits) {
    this.address = address;
    this.limits = limits;
    this.dial = new Dial(address, guard);
    this.room = new Semaphore(limits.connections(), true);
  }

  /**
   * Sends, and waits for the head of the answer, whatever its status; the body is then read from
   * it, under the same deadline. The answer must be closed.
   *
   * @param deadline ends everything, the body of the answer included, but for the lookup of a name
   * @throws CallFailed if no head of an answer came
   */
  public Answer call(Request request, Deadline deadline) throws CallFailed {
    enter(deadline);
    Lease lease = lease(deadline);
    Exchange exchange = new Exchange(lease, request, deadline, limits.stall());
    try {
      return exchange.run(address.authority());
    } catch (CallFailed e) {
      if (e.why() != Why.BROKEN || !exchange.again()) {
        throw e;
      }
    }
    enter(deadline);
    Lease fresh = made(deadline);
    return new Exchange(fresh, request, deadline, limits.stall()).run(address.authority());
  }

  /** How many connections are in use. */
  public int busy() {
    return limits.connections() - room.availablePermits();
  }

  /** How many connections wait for a call. */
  public int idle() {
    return idle.size();
  }

  private void enter(Deadline deadline) throws CallFailed {
    try {
      if (!room.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new CallFailed(
            Why.FULL,
            false,
            "all "
                + limits.connections()
                + " connections are in use: allow more, or wait until it answers faster",
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailed(Why.INTERRUPTED, false, "interrupted while waiting for a connection", e);
    }
  }

  private Lease lease(Deadline deadline) throws CallFailed {
    for (Optional<Line> line = rested(); line.isPresent(); line = rested()) {
      if (line.get().restedLonger(limits.idle()) || line.get().stale()) {
        line.get().close();
      } else {
        return new Lease(line.get(), this::back);
      }
    }
    return made(deadline);
  }

  private Optional<Line> rested() {
    return Optional.ofNullable(idle.pollFirst());
  }

  private Lease made(Deadline deadline) throws CallFailed {
    boolean made = false;
    try {
      Lease lease = new Lease(dial.line(deadline.atMost(limits.connect())), this::back);
      made = true;
      return lease;
    } finally {
      if (!made) {
        room.release();
      }
    }
  }

  private void back(Line line, boolean keeps) {
    if (keeps) {
      line.rest();
      idle.addFirst(line);
      prune();
    }
    room.release();
  }

  /** Those at the end have rested longest. */
  private void prune() {
    for (Line last = idle.peekLast(); last != null; last = idle.peekLast()) {
      if (!closed && !last.restedLonger(limits.idle())) {
        return;
      }
      if (idle.remove(last)) {
        last.close();
      }
    }
  }

  /** Closes those that rest; those in use are closed when their calls are over. */
  @Override
  public void close() {
    closed = true;
    prune();
  }

  /** The server's address. */
  @Override
  public String toString() {
    return address.toString();
  }
}
