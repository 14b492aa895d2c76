package io.cotidal.sources.asking;

import io.cotidal.remote.Deadline;
import io.cotidal.sources.roll.NoAnswer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one question after the other on another thread, so that whoever waits is never held
 * longer than it wants: not by a name service, a file server or a place that ignores its time-out.
 * One question at most is under way: while one hangs, no other is begun.
 */
final class Aside implements AutoCloseable {
  private final Executor executor;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<@Nullable FutureTask<?>> running = new AtomicReference<>();

  Aside(Executor executor) {
    this.executor = executor;
  }

  /** What may be asked. */
  @FunctionalInterface
  interface Question<T> {
    T answer() throws NoAnswer, InterruptedException;
  }

  /**
   * The answer.
   *
   * @throws NoAnswer if there is none by the deadline, or while an earlier question hangs
   */
  <T> T call(Question<T> question, Deadline deadline) throws NoAnswer, InterruptedException {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          try {
            return question.answer();
          } finally {
            // Before the answer is told, for who hears it may ask again at once.
            running.set(null);
          }
        });
    if (!running.compareAndSet(null, task)) {
      throw new NoAnswer("an earlier question still hangs: look what holds it");
    }
    if (closed()) {
      task.cancel(true);
    }
    start(task);
    try {
      return task.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new NoAnswer("no whole answer in time: is it overloaded, or the way to it cut?", e);
    } catch (CancellationException e) {
      throw new NoAnswer("it is not asked any more", e);
    } catch (ExecutionException e) {
      throw problem(e);
    } catch (InterruptedException e) {
      task.cancel(true);
      throw e;
    }
  }

  private void start(FutureTask<?> task) {
    try {
      executor.execute(() -> {
        task.run();
        // It never began if it was cancelled before.
        running.compareAndSet(task, null);
      });
    } catch (RejectedExecutionException e) {
      running.compareAndSet(task, null);
      throw e;
    }
  }

  private static NoAnswer problem(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof NoAnswer none) {
      return none;
    }
    if (cause instanceof InterruptedException) {
      return new NoAnswer("it is not asked any more", cause);
    }
    throw cause instanceof RuntimeException defect
        ? defect
        : new IllegalStateException("a question cannot end so", e);
  }

  /**
   * Waits that long, or until {@code end} if that is earlier.
   *
   * @return whether it waited that long, and nobody has closed this
   */
  boolean pause(Duration length, Deadline end) throws InterruptedException {
    Duration left = end.left();
    boolean whole = length.compareTo(left) <= 0;
    return !closed.await((whole ? length : left).toNanos(), TimeUnit.NANOSECONDS) && whole;
  }

  boolean closed() {
    return closed.getCount() == 0;
  }

  /** Ends pauses and the question that is under way, and those that come. */
  @Override
  public void close() {
    closed.countDown();
    FutureTask<?> task = running.get();
    if (task != null) {
      task.cancel(true);
    }
  }
}
