package io.cotidal.runtime;

import io.cotidal.model.Moment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's clocks. One thread waits for all alarms. */
public final class SystemClock implements Clock, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SystemClock.class);

  private final ScheduledThreadPoolExecutor timer;

  /** Starts the thread that waits for alarms. */
  public SystemClock() {
    timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("alarms").factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Moment now() {
    return new Moment(System.nanoTime(), ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }

  @Override
  public Alarm at(long nanos, Runnable task) {
    long delay = Math.max(0, nanos - System.nanoTime());
    try {
      Future<?> pending = timer.schedule(() -> ring(task), delay, TimeUnit.NANOSECONDS);
      return () -> pending.cancel(false);
    } catch (RejectedExecutionException e) {
      // The daemon has stopped: nothing happens any more.
      return () -> {};
    }
  }

  private static void ring(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("event=alarm-failed", e);
    }
  }

  /** Lets nothing happen any more. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
