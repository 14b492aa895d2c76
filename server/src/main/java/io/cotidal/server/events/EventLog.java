package io.cotidal.server.events;

import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the log from its newer end, for those who may not see all of it. Thread-safe. */
public final class EventLog {
  private static final int WINDOW = 1000;
  private static final int MOST = 20_000;

  private final ControlPlane plane;

  /** The log of {@code plane}. */
  public EventLog(ControlPlane plane) {
    this.plane = plane;
  }

  /** The sequence of the newest event; 0 if there is none. */
  public long last() {
    return plane.lastEvent();
  }

  /**
   * The newest events, oldest first.
   *
   * @param resource only this one's; all if null
   * @param wanted which of them count
   * @param limit at most so many; the search ends after 20,000 events that do not count
   */
  public List<LoggedEvent> latest(
      @Nullable ResourceId resource, Predicate<LoggedEvent> wanted, int limit) {
    Deque<LoggedEvent> found = new ArrayDeque<>();
    long before = Long.MAX_VALUE;
    int passed = 0;
    int window = limit;
    while (found.size() < limit && passed < MOST) {
      List<LoggedEvent> part = plane.latest(resource, before, window);
      for (LoggedEvent event : part.reversed()) {
        if (!wanted.test(event)) {
          passed++;
        } else if (found.size() < limit) {
          found.addFirst(event);
        }
      }
      if (part.size() < window) {
        break;
      }
      before = part.getFirst().sequence();
      window = WINDOW;
    }
    return new ArrayList<>(found);
  }
}
