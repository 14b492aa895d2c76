package io.cotidal.feeds.steps;

import io.cotidal.feeds.plan.Acts;
import io.cotidal.model.Step;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many acts of one sort run at once: each sort wears another resource. Thread-safe. */
final class Lanes {
  /** More connections to one master slow one another down. */
  private static final int FETCHES = 4;

  /** A load keeps one core of the database busy, and its disk. */
  private static final int LOADS = 2;

  /** A GeoServer reads its whole catalogue under one lock when it is written to. */
  private static final int CALLS = 4;

  private static final int OTHERS = 16;

  private final Map<String, Semaphore> lanes = new ConcurrentHashMap<>();

  /** A place in a lane; closing it lets the next one in. */
  record Place(Semaphore lane) implements AutoCloseable {
    @Override
    public void close() {
      lane.release();
    }
  }

  /** Waits for a place. */
  Place enter(Step step, Deadline deadline) throws ActFailed, InterruptedException {
    String act = step.act();
    String lane = act.equals(Acts.SHOW) || act.equals(Acts.HIDE) ? act + " " + step.member() : act;
    Semaphore places = lanes.computeIfAbsent(lane, _ -> new Semaphore(width(act), true));
    if (!places.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new ActFailed("others are served first, and did not end in time: " + step.act());
    }
    return new Place(places);
  }

  private static int width(String act) {
    return switch (act) {
      case Acts.FETCH -> FETCHES;
      case Acts.STAGE -> LOADS;
      case Acts.SHOW, Acts.HIDE -> CALLS;
      default -> OTHERS;
    };
  }
}
