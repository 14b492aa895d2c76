package io.cotidal.lab;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An application's view: one session, routed like libpq does with several hosts and {@code
 * target_session_attrs=read-write}: it asks the hosts in turn and takes the first that takes
 * writes. Inserts every ten milliseconds. Thread-safe.
 */
public final class RoutedWriter implements AutoCloseable {
  private final List<Target> targets;
  private final Login login;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong nextId = new AtomicLong();
  private final Thread thread;
  private volatile @Nullable Target current;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean stopped;

  private RoutedWriter(List<Target> targets, Login login, long firstId) {
    this.targets = List.copyOf(targets);
    this.login = login;
    nextId.set(firstId);
    thread = Thread.ofVirtual().name("routed-writer").unstarted(this::write);
  }

  /** Makes the table as soon as a primary answers, and begins; ids rise from {@code firstId}. */
  public static RoutedWriter start(List<Target> targets, Login login, long firstId) {
    RoutedWriter writer = new RoutedWriter(targets, login, firstId);
    writer.thread.start();
    return writer;
  }

  /** How many inserts were acknowledged. */
  public long written() {
    return written.get();
  }

  /** Who takes the writes now; empty if nobody does. */
  public String member() {
    Target target = current;
    return target == null ? "" : target.member();
  }

  /** How long ago the last acknowledgement came. */
  public Duration silent() {
    return Duration.ofNanos(System.nanoTime() - lastNanos);
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      // It ends by itself; the caller is in a hurry.
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    @Nullable ProbeSession session = null;
    long next = System.nanoTime();
    while (!stopped) {
      session = session == null ? route() : session;
      if (session != null && !insert(session)) {
        session.close();
        session = null;
        current = null;
      }
      next = Math.max(next + Prober.PACE.toNanos(), System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
    if (session != null) {
      session.close();
    }
  }

  private boolean insert(ProbeSession session) {
    Target target = current;
    String member = target == null ? "" : target.member();
    if (session.insert(nextId.getAndIncrement(), member) != ProbeSession.Answer.ACKNOWLEDGED) {
      return false;
    }
    written.incrementAndGet();
    lastNanos = System.nanoTime();
    return true;
  }

  private @Nullable ProbeSession route() {
    for (Target target : targets) {
      @Nullable ProbeSession session = null;
      try {
        session = ProbeSession.open(target, login);
        if (session.writable()) {
          session.createTable();
          current = target;
          return session;
        }
      } catch (SQLException e) {
        // Down, frozen or starting: the next host is asked, as libpq would.
        current = null;
      }
      if (session != null) {
        session.close();
      }
    }
    return null;
  }
}
