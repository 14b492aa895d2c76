package io.cotidal.gateway.relay;

import io.cotidal.gateway.request.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets clients change a container at this site, as many as come, or the relay, but never both. When
 * the relay asks, those who are in go out first, and those who come after it wait until it is
 * through: so a container that clients never leave alone is carried all the same. Thread-safe.
 */
final class Turnstile {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition out = lock.newCondition();
  private final Map<Subject, Place> places = new HashMap<>();

  /** One that somebody is at. Guarded by the lock. */
  private static final class Place {
    private int clients;

    /** Whether the relay is in, or asks to be let in. */
    private boolean closed;

    private List<CompletableFuture<Passage>> waiting = new ArrayList<>();
  }

  /** Lets a client in: at once, or when the relay is through. */
  CompletionStage<Passage> enter(Subject subject) {
    CompletableFuture<Passage> mine = new CompletableFuture<>();
    lock.lock();
    try {
      Place place = places.computeIfAbsent(subject, _ -> new Place());
      if (place.closed) {
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

  /**
   * Lets the relay in, alone.
   *
   * @param most so long it waits for clients that are in
   * @return empty if they did not go out, or the relay is in already
   * @throws InterruptedException if the thread was interrupted; nobody was let in
   */
  Optional<Passage> hold(Subject subject, Duration most) throws InterruptedException {
    if (!closed(subject)) {
      return Optional.empty();
    }
    Passage passage = once(() -> opened(subject));
    boolean alone = false;
    try {
      alone = emptied(subject, most);
    } finally {
      if (!alone) {
        passage.close();
      }
    }
    return alone ? Optional.of(passage) : Optional.empty();
  }

  private static Passage once(Runnable back) {
    AtomicBoolean given = new AtomicBoolean();
    return () -> {
      if (given.compareAndSet(false, true)) {
        back.run();
      }
    };
  }

  /** Lets nobody in any more; false if somebody else does so already. */
  private boolean closed(Subject subject) {
    lock.lock();
    try {
      Place place = places.computeIfAbsent(subject, _ -> new Place());
      boolean mine = !place.closed;
      place.closed = true;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  private boolean emptied(Subject subject, Duration most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Place place = places.get(subject);
      long left = most.toNanos();
      while (place != null && place.clients > 0 && left > 0) {
        left = out.awaitNanos(left);
      }
      return place == null || place.clients == 0;
    } finally {
      lock.unlock();
    }
  }

  private void left(Subject subject) {
    lock.lock();
    try {
      Place place = places.get(subject);
      if (place != null) {
        place.clients--;
        if (place.clients == 0) {
          out.signalAll();
          if (!place.closed) {
            places.remove(subject);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void opened(Subject subject) {
    List<CompletableFuture<Passage>> next = List.of();
    lock.lock();
    try {
      Place place = places.get(subject);
      if (place != null) {
        next = place.waiting;
        place.waiting = new ArrayList<>();
        place.closed = false;
        place.clients += next.size();
        if (place.clients == 0) {
          places.remove(subject);
        }
      }
    } finally {
      lock.unlock();
    }
    next.forEach(each -> each.complete(once(() -> left(subject))));
  }
}
