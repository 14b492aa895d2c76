package io.cotidal.server.events;

import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.runtime.ControlPlane;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for an operation to come to rest. Made before the operation is asked for, so that no change
 * is missed.
 */
public final class OperationWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OperationWatch.class);

  private final ControlPlane plane;
  private final Semaphore changes = new Semaphore(0);
  private final AutoCloseable subscription;

  /** A watch that misses no change from now on. */
  public OperationWatch(ControlPlane plane) {
    this.plane = plane;
    this.subscription = plane.subscribe(change -> changes.release());
  }

  /** The operation as it is when it has ended, waits for a person, or {@code wait} is over. */
  public Operation settled(Operation taken, Duration wait) throws InterruptedException {
    long due = System.nanoTime() + wait.toNanos();
    Operation latest = taken;
    while (!atRest(latest)) {
      long left = due - System.nanoTime();
      if (left <= 0 || !changes.tryAcquire(left, TimeUnit.NANOSECONDS)) {
        return latest;
      }
      changes.drainPermits();
      latest = plane.operation(taken.id()).orElse(latest);
    }
    return latest;
  }

  private static boolean atRest(Operation operation) {
    OperationState state = operation.state();
    return state.ended() || state == OperationState.PROPOSED || state == OperationState.ATTENTION;
  }

  @Override
  public void close() {
    try {
      subscription.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.warn("event=unsubscribe-failed", e);
    }
  }
}
