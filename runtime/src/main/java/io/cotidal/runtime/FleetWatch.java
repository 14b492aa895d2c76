package io.cotidal.runtime;

import io.cotidal.engine.Fleet;
import io.cotidal.engine.State;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all resources when too many members of too many of them have gone at once, and when that is
 * over. Thread-safe; never blocks.
 */
final class FleetWatch {
  private static final Logger log = LoggerFactory.getLogger(FleetWatch.class);

  /** How often a suspicion is looked at again when nothing else makes it. */
  private static final long AGAIN = 60_000 * Moment.MILLI;

  private final Clock clock;
  private final Consumer<String> tell;

  // Everything below is guarded by this.
  private final Fleet fleet = new Fleet();
  private String suspicion = "";
  private Clock.Alarm next = () -> {};

  /**
   * Suspects nothing.
   *
   * @param tell told of each change, under a lock; empty if there is no suspicion any more. Must
   *     not block
   */
  FleetWatch(Clock clock, Consumer<String> tell) {
    this.clock = clock;
    this.tell = tell;
  }

  /** Who of a resource is gone has changed. */
  synchronized void on(ResourceId id, State<?> state) {
    fleet.on(id, state);
    judge();
  }

  /** That one is a resource no more, and says nothing about the others. */
  synchronized void forget(ResourceId id) {
    fleet.forget(id);
    judge();
  }

  /** Tells one who came later of a suspicion that is in force, if one is. */
  synchronized void welcome(Consumer<String> late) {
    if (!suspicion.isEmpty()) {
      late.accept(suspicion);
    }
  }

  private synchronized void judge() {
    String now = fleet.suspicion(clock.now());
    if (!now.equals(suspicion)) {
      if (now.isEmpty()) {
        log.info("event=fleet-suspicion-over text=\"{}\"", suspicion);
      } else {
        log.warn("event=fleet-suspicion text=\"{}\"", now);
      }
      suspicion = now;
      tell.accept(now);
    }
    next.cancel();
    if (!suspicion.isEmpty()) {
      next = clock.at(clock.now().nanos() + AGAIN, this::judge);
    }
  }
}
