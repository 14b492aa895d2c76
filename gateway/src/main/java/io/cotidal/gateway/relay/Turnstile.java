package io.cotidal.gateway.relay;

import io.cotidal.gateway.request.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets clients change a container at this site, as many as come, or the relay, but never both.
 * Clients wait until the relay is through; the relay does not wait, and comes again. Thread-safe.
 */
final class Turnstile {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Subject, Place> places = new HashMap<>();

  /** One that somebody is at. Guarded by the lock. */
  private static final class Place {
    private int clients;
    private boolean held;
    private List<CompletableFuture<Passage>> waiting = new ArrayList<>();

    private boolean empty() {
      return clients == 0 && !held;
    }
  }

  /** Lets a client in: at once, or when the relay is through. */
  CompletionStage<Passage> enter(Subject subject) {
    CompletableFuture<Passage> mine = new CompletableFuture<>();
    lock.lock();
    try {
      Place place = places.computeIfAbsent(subject, _ -> new Place());
      if (place.held) {
        place.waiting.add(mine);
        return mine;
      }
      place.clients++;
    } finally {
      lock.unlock();
    }
    mine.complete(once(() -> left(subject)));
    return mine;
  }

  /** Lets the relay in, alone; empty if a client is there. */
  Optional<Passage> hold(Subject subject) {
    lock.lock();
    try {
      Place place = places.computeIfAbsent(subject, _ -> new Place());
      if (!place.empty()) {
        return Optional.empty();
      }
      place.held = true;
    } finally {
      lock.unlock();
    }
    return Optional.of(once(() -> free(subject)));
  }

  private static Passage once(Runnable back) {
    AtomicBoolean given = new AtomicBoolean();
    return () -> {
      if (given.compareAndSet(false, true)) {
        back.run();
      }
    };
  }

  private void left(Subject subject) {
    lock.lock();
    try {
      Place place = places.get(subject);
      if (place != null) {
        place.clients--;
        if (place.empty()) {
          places.remove(subject);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void free(Subject subject) {
    List<CompletableFuture<Passage>> next = List.of();
    lock.lock();
    try {
      Place place = places.get(subject);
      if (place != null) {
        next = place.waiting;
        place.waiting = new ArrayList<>();
        place.held = false;
        place.clients += next.size();
        if (place.empty()) {
          places.remove(subject);
        }
      }
    } finally {
      lock.unlock();
    }
    next.forEach(each -> each.complete(once(() -> left(subject))));
  }
}
