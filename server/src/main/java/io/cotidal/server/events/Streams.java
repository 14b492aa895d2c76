package io.cotidal.server.events;

import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.http.Answer;
import io.cotidal.server.http.Problem;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** All live streams: so many at most, and all ended when the server stops. Thread-safe. */
public final class Streams implements AutoCloseable {
  private final ControlPlane plane;
  private final EventLog log;
  private final int most;
  private final Semaphore places;
  private final Set<ChangeQueue> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** At most {@code most} streams of {@code plane}'s changes. */
  public Streams(ControlPlane plane, EventLog log, int most) {
    this.plane = plane;
    this.log = log;
    this.most = most;
    this.places = new Semaphore(most);
  }

  /** A stream as server-sent events, for whoever {@code audience} describes. */
  public Answer open(Audience audience) {
    if (closed) {
      return Problem.of(Problem.Code.STOPPING, "the daemon is stopping").answer();
    }
    if (places.availablePermits() == 0) {
      return Problem.of(Problem.Code.TOO_MANY, "too many streams are open", "close one, or poll")
          .answer()
          .with("Retry-After", "30");
    }
    return new Answer.Stream(
        "text/event-stream",
        out -> {
          if (!places.tryAcquire()) {
            // Somebody took the last place meanwhile, and the status has been sent: come back
            // later.
            EventStream.full(out);
            return;
          }
          ChangeQueue queue = new ChangeQueue();
          open.add(queue);
          try {
            if (!closed) {
              new EventStream(plane, log, audience, queue).write(out);
            }
          } finally {
            open.remove(queue);
            places.release();
          }
        });
  }

  /** How many are open. */
  public int count() {
    return open.size();
  }

  /** Ends all streams, and gives them a second to say so. */
  @Override
  public void close() {
    closed = true;
    open.forEach(ChangeQueue::close);
    try {
      if (places.tryAcquire(most, 1, TimeUnit.SECONDS)) {
        places.release(most);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
