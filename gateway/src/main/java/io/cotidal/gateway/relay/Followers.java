package io.cotidal.gateway.relay;

import io.cotidal.gateway.request.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Who wants to know how far a container comes. Thread-safe. */
final class Followers {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Subject, List<Follower>> all = new HashMap<>();

  /** One more, until it is closed. */
  Relay.Following add(Subject subject, Follower follower) {
    lock.lock();
    try {
      all.computeIfAbsent(subject, _ -> new ArrayList<>()).add(follower);
    } finally {
      lock.unlock();
    }
    return () -> remove(subject, follower);
  }

  private void remove(Subject subject, Follower follower) {
    lock.lock();
    try {
      List<Follower> its = all.get(subject);
      if (its != null && its.remove(follower) && its.isEmpty()) {
        all.remove(subject);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Those of now. */
  List<Follower> of(Subject subject) {
    lock.lock();
    try {
      return List.copyOf(all.getOrDefault(subject, List.of()));
    } finally {
      lock.unlock();
    }
  }
}
