package io.cotidal.copies.steps;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when running servers have had no session. A server that is paused or gone is not idle: it
 * begins anew when it runs again, or a spare would be stopped as soon as it has an owner.
 */
final class Idleness {
  private final Map<String, Long> since = new ConcurrentHashMap<>();

  /** The wall time, in microseconds, since which it has been idle; 0 if it is not. */
  long of(String id, Standing standing, int sessions, long nowMicros) {
    if (sessions > 0 || standing != Standing.RUNNING) {
      since.remove(id);
      return 0;
    }
    return since.computeIfAbsent(id, _ -> nowMicros);
  }

  /** Forgets all but these. */
  void retain(Set<String> ids) {
    since.keySet().retainAll(ids);
  }
}
