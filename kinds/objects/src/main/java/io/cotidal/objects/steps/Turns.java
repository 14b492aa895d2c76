package io.cotidal.objects.steps;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.remote.Deadline;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Who works on which container: one at a time, whether it looks or moves. Thread-safe. */
final class Turns {
  private final Map<ContainerName, Semaphore> busy = new ConcurrentHashMap<>();

  /** A turn; closing it lets the next one in. */
  record Turn(Semaphore place) implements AutoCloseable {
    @Override
    public void close() {
      place.release();
    }
  }

  /** Waits for a turn; empty if there was none until the deadline. */
  Optional<Turn> enter(ContainerName container, Deadline deadline) throws InterruptedException {
    Semaphore place = busy.computeIfAbsent(container, _ -> new Semaphore(1, true));
    return place.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)
        ? Optional.of(new Turn(place))
        : Optional.empty();
  }

  /** Takes a turn if nobody has it. */
  Optional<Turn> now(ContainerName container) {
    Semaphore place = busy.computeIfAbsent(container, _ -> new Semaphore(1, true));
    return place.tryAcquire() ? Optional.of(new Turn(place)) : Optional.empty();
  }

  /** Whether somebody has it now. */
  boolean taken(ContainerName container) {
    Semaphore place = busy.get(container);
    return place != null && place.availablePermits() == 0;
  }
}
