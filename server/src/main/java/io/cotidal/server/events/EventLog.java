package io.cotidal.server.events;

import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.ResourceId;
import io.cotidal.runtime.ControlPlane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log from its newer end, which the control plane offers only from the older.
 * Thread-safe.
 */
public final class EventLog {
  private static final int WINDOW = 1000;
  private static final int WINDOWS = 20;

  private final ControlPlane plane;
  private final AtomicLong hint = new AtomicLong();

  /** The log of {@code plane}. */
  public EventLog(ControlPlane plane) {
    this.plane = plane;
  }

  /** The sequence of the newest event; 0 if there is none. */
  public long last() {
    long known = hint.get();
    if (plane.events(null, known, 1).isEmpty()) {
      return known;
    }
    long step = 1;
    long above = known;
    while (!plane.events(null, above + step, 1).isEmpty()) {
      above += step;
      step *= 2;
    }
    // The newest is above `above` and at most `above + step`.
    long low = above;
    long high = above + step;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (plane.events(null, middle, 1).isEmpty()) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return hint.accumulateAndGet(low + 1, Math::max);
  }

  /**
   * The newest events, oldest first.
   *
   * @param resource only this one's; all if null
   * @param wanted which of them count
   * @param limit at most so many; the search ends after the newest 20,000 events
   */
  public List<LoggedEvent> latest(
      @Nullable ResourceId resource, Predicate<LoggedEvent> wanted, int limit) {
    Deque<LoggedEvent> found = new ArrayDeque<>();
    long end = last();
    for (int window = 0; window < WINDOWS && end > 0 && found.size() < limit; window++) {
      long start = Math.max(0, end - WINDOW);
      long last = end;
      List<LoggedEvent> part =
          plane.events(resource, start, WINDOW).stream()
              .filter(event -> event.sequence() <= last && wanted.test(event))
              .toList();
      for (int i = part.size() - 1; i >= 0 && found.size() < limit; i--) {
        found.addFirst(part.get(i));
      }
      end = start;
    }
    return new ArrayList<>(found);
  }
}
