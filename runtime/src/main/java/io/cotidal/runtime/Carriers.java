package io.cotidal.runtime;

import io.cotidal.model.Moment;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps virtual threads running while some of them hold their carriers: a call into a file system
 * that hangs keeps its carrier, and the scheduler makes none in its place. Few carriers are cheap,
 * since each that has nothing to do is woken for nothing; so there are few, and more while it must
 * be.
 *
 * <p>It concerns the whole JVM, of which one is enough. Thread-safe.
 */
public final class Carriers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Carriers.class);

  /**
   * How long a virtual thread may wait until it counts as waiting for a carrier. A machine that is
   * short of processors keeps it waiting too; so this is longer than such a moment usually is.
   */
  static final long PERIOD = 200 * Moment.MILLI;

  /** The most that the scheduler has, unless it is told otherwise (JEP 444). */
  static final int MOST = 256;

  /** After so many periods without a wait there are half as many again. */
  private static final int CALM = 10;

  private final Clock clock;
  private final VirtualThreadSchedulerMXBean scheduler;
  private final int usual;

  private volatile AtomicBoolean ran = new AtomicBoolean(true);
  private volatile boolean closed;

  /** Belongs to the alarms' thread. */
  private int calm;

  private Carriers(Clock clock, VirtualThreadSchedulerMXBean scheduler) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.usual = scheduler.getParallelism();
  }

  /** Watches from now on, by alarms of {@code clock}. */
  public static Carriers watch(Clock clock) {
    Carriers carriers =
        new Carriers(
            clock, ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class));
    carriers.again();
    return carriers;
  }

  private void again() {
    clock.at(clock.now().nanos() + PERIOD, this::look);
  }

  private void look() {
    if (closed) {
      return;
    }
    int now = scheduler.getParallelism();
    if (!ran.get()) {
      calm = 0;
      widen(now);
      // The scheduler wakes nobody for a queue that is not empty, and each thread has its own.
      Thread.ofPlatform().daemon().name("carriers").start(this::send);
    } else {
      calm++;
      narrow(now);
      send();
    }
    again();
  }

  /** Not below what is held now: those that hang would soon be too many again. */
  private void narrow(int now) {
    int next = Math.max(usual, now / 2);
    if (next < now && calm >= CALM && scheduler.getMountedVirtualThreadCount() < next) {
      calm = 0;
      log.debug("event=carriers-free carriers={} before={}", next, now);
      scheduler.setParallelism(next);
    }
  }

  /** One that does nothing but show that somebody carries it. */
  private void send() {
    AtomicBoolean sent = new AtomicBoolean();
    ran = sent;
    Thread.ofVirtual().name("carried").start(() -> sent.set(true));
  }

  private void widen(int now) {
    int next = Math.min(MOST, now * 2);
    if (next > now) {
      log.debug("event=carriers-held carriers={} before={}", next, now);
      scheduler.setParallelism(next);
    }
  }

  /** Watches no more; there are as many as before. */
  @Override
  public void close() {
    closed = true;
    scheduler.setParallelism(usual);
  }
}
