package io.cotidal.app.reload;

import io.cotidal.model.ResourceId;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks what would come of changes: of several resources at the same time, all of them until one
 * deadline. Who does not answer by then is told, and keeps nobody else's answer back.
 */
final class Foresight {
  private static final Logger log = LoggerFactory.getLogger(Foresight.class);

  /** Whoever rehearses a change waits for it. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Each may ask servers of its own. */
  private static final int AT_ONCE = 8;

  /** Who comes to the end of its time has its say about what it did not see. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Ask ask;
  private final Deadline deadline;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  private Foresight(Ask ask, Deadline deadline) {
    this.ask = ask;
    this.deadline = deadline;
  }

  /** Who knows what would come of it. */
  @FunctionalInterface
  interface Ask {
    /** The lines that say it; called on a thread of its own, which may be interrupted. */
    List<String> of(ResourceId id, Deadline deadline);
  }

  /** The same changes, with what would come of each. */
  static Changes of(Changes changes, Ask ask, Deadline deadline) {
    return new Foresight(ask, deadline).all(changes);
  }

  private Changes all(Changes changes) {
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Map<ResourceId, Future<List<String>>> asked = new HashMap<>();
      changes.changing().forEach(id -> asked.put(id, workers.submit(() -> one(id))));
      Deadline end = Deadline.in(deadline.left().plus(GRACE));
      return changes.more(id -> answer(id, Objects.requireNonNull(asked.get(id)), end));
    } finally {
      // Whoever still hangs is not waited for.
      workers.shutdownNow();
    }
  }

  private List<String> one(ResourceId id) throws InterruptedException {
    if (!places.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      return List.of("unknown: others took all of the time");
    }
    try {
      return ask.of(id, deadline);
    } finally {
      places.release();
    }
  }

  private static List<String> answer(ResourceId id, Future<List<String>> asked, Deadline end) {
    try {
      return asked.get(end.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return List.of("unknown: what would come of it, for nothing was answered in time");
    } catch (ExecutionException e) {
      log.error("event=not-foreseen resource={}", id, e.getCause());
      return List.of("unknown: what would come of it (" + e.getCause() + "); see the log");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of("unknown: what would come of it, for the question was broken off");
    }
  }
}
