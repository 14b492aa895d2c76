package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Changes whose stamps have been left: what waits for a site is tried again and again. Whoever is
 * forgotten leaves its stamp once more, which does no harm. Thread-safe.
 */
final class Stamped {
  private static final int MOST = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Subject, Timestamp> last = new LinkedHashMap<>();

  /** Whether the stamp of its latest change was left. */
  boolean has(Open open) {
    lock.lock();
    try {
      return open.stamp().equals(last.get(open.subject()));
    } finally {
      lock.unlock();
    }
  }

  /** It was. */
  void note(Open open) {
    lock.lock();
    try {
      last.remove(open.subject());
      last.put(open.subject(), open.stamp());
      if (last.size() > MOST) {
        last.remove(last.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }
}
