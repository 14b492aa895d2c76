package io.cotidal.runtime;

import io.cotidal.engine.Input;
import io.cotidal.engine.Snapshot;
import io.cotidal.engine.Store;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One resource's way to the store: batches in the order in which the engine wrote them, each
 * answered once.
 */
final class Journal<S extends Spec, F> {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final Duration RETRY = Duration.ofMillis(200);

  private static final String UNREADABLE = "cannot be read: ";
  private static final long NONE = -1;

  private final ResourceId resource;
  private final Store store;
  private final Clock clock;
  private final Consumer<Message<S, F>> answer;
  private final Serial serial;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean following = new AtomicBoolean();
  private final AtomicLong pendingSince = new AtomicLong();
  private volatile String problem = "";
  private volatile long wanted = NONE;

  /**
   * A journal.
   *
   * @param answer told what came of each batch, and what was loaded, on any thread; must not block
   */
  Journal(ResourceId resource, Store store, Clock clock, Consumer<Message<S, F>> answer) {
    this.resource = resource;
    this.store = store;
    this.clock = clock;
    this.answer = answer;
    this.serial = new Serial("journal " + resource);
  }

  /** Writes a batch. */
  void commit(Store.Batch batch) {
    begin();
    serial.run(() -> {
      try {
        store.commit(batch, result -> committed(batch, result));
      } catch (RuntimeException | Error e) {
        // Whether the rows were written is not known: the engine reads back.
        log.error("event=commit-broken resource={} batch={}", resource, batch.id(), e);
        committed(batch, Store.Result.UNKNOWN);
      }
    });
  }

  private void committed(Store.Batch batch, Store.Result result) {
    String id = batch.id();
    switch (result) {
      case COMMITTED -> end("", new Input.Committed<>(id));
      case REFUSED -> end("", new Input.CommitRefused<>(id));
      case FAILED -> end("the last batch was not written", new Input.CommitFailed<>(id));
      case UNKNOWN -> end("the last batch may not be written", new Input.CommitUnknown<>(id));
    }
  }

  /** Finds out whether a batch was written; asks until the store answers. */
  void readBack(String batch) {
    begin();
    ask(batch);
  }

  private void ask(String batch) {
    serial.run(() -> {
      try {
        boolean written = store.committed(resource, batch);
        end(
            written ? "" : "the last batch was not written",
            written ? new Input.Committed<>(batch) : new Input.CommitFailed<>(batch));
      } catch (RuntimeException | Error e) {
        if (!problem.startsWith("cannot be read")) {
          log.error("event=read-back-broken resource={} batch={}", resource, batch, e);
        }
        problem = "cannot be read: " + Failures.sentence(e);
        clock.at(clock.now().nanos() + RETRY.toNanos(), () -> ask(batch));
      }
    });
  }

  /** Reads what the store holds of the resource; tries until it answers or nobody wants it. */
  void load(long term) {
    wanted = term;
    fetch(term);
  }

  /** Nobody wants what is being loaded. */
  void forgetLoad() {
    wanted = NONE;
  }

  private void fetch(long term) {
    serial.run(() -> {
      if (wanted != term) {
        return;
      }
      try {
        Snapshot snapshot = store.load(resource);
        problem = "";
        answer.accept(new Message.Loaded<>(term, snapshot));
      } catch (RuntimeException | Error e) {
        unreadable("event=load-broken resource={}", e);
        clock.at(clock.now().nanos() + RETRY.toNanos(), () -> fetch(term));
      }
    });
  }

  /**
   * Reads what the store holds for one who only shows it; without effect while that is being done.
   */
  void follow() {
    if (!following.compareAndSet(false, true)) {
      return;
    }
    serial.run(() -> {
      try {
        Snapshot snapshot = store.load(resource);
        problem = "";
        answer.accept(new Message.Take<>(new Input.Followed<>(snapshot), Message.Owed.NOTHING));
      } catch (RuntimeException | Error e) {
        unreadable("event=follow-broken resource={}", e);
      } finally {
        following.set(false);
      }
    });
  }

  private void unreadable(String event, Throwable cause) {
    if (!problem.startsWith(UNREADABLE)) {
      log.error(event, resource, cause);
    }
    problem = UNREADABLE + Failures.sentence(cause);
  }

  private void begin() {
    if (pending.getAndIncrement() == 0) {
      pendingSince.set(clock.now().nanos());
    }
  }

  private void end(String newProblem, Input<S, F> input) {
    problem = newProblem;
    pendingSince.set(clock.now().nanos());
    pending.decrementAndGet();
    answer.accept(new Message.Take<>(input, Message.Owed.BATCH));
  }

  /** What is wrong with the store as far as this resource knows; empty if nothing. */
  String problem() {
    long waiting = clock.now().nanos() - pendingSince.get();
    if (pending.get() > 0 && waiting > Duration.ofSeconds(5).toNanos()) {
      return "has not answered for " + Duration.ofNanos(waiting).toSeconds() + " s";
    }
    return problem;
  }
}
