package io.cotidal.lab;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Measures what clients could get: one session a member, on each one insert every ten milliseconds,
 * whether the member takes it or not. An insert counts only if the answer came within a second and
 * without a warning. Remembers every acknowledgement. Thread-safe.
 */
public final class Prober implements AutoCloseable {
  /** Between the begins of two inserts on one member. */
  public static final Duration PACE = Duration.ofMillis(10);

  private final Login login;
  private final List<Target> targets;
  private final AtomicLong nextId;
  private final Queue<Acknowledgement> acknowledged = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  private Prober(List<Target> targets, Login login, long firstId) {
    this.nextId = new AtomicLong(firstId);
    this.targets = List.copyOf(targets);
    this.login = login;
  }

  /**
   * Makes the table on the primary and begins.
   *
   * @param firstId of the rows; higher than any that is there
   * @throws SQLException if no target is primary, or it does not take the table
   */
  public static Prober start(List<Target> targets, Login login, long firstId) throws SQLException {
    Target primary =
        primary(targets, login)
            .orElseThrow(() -> new SQLException("no member takes writes: " + targets));
    try (ProbeSession session = ProbeSession.open(primary, login)) {
      session.createTable();
    }
    Prober prober = new Prober(targets, login, firstId);
    for (Target target : prober.targets) {
      prober.threads.add(
          Thread.ofVirtual().name("prober-" + target.member()).start(() -> prober.probe(target)));
    }
    return prober;
  }

  /** The first target that answers and takes writes. */
  public static Optional<Target> primary(List<Target> targets, Login login) {
    for (Target target : targets) {
      try (ProbeSession session = ProbeSession.open(target, login)) {
        if (session.writable()) {
          return Optional.of(target);
        }
      } catch (SQLException e) {
        // It does not answer: so it is not the one.
      }
    }
    return Optional.empty();
  }

  /** What was acknowledged so far. */
  public Acknowledgements acknowledgements() {
    return new Acknowledgements(List.copyOf(acknowledged));
  }

  /** The id that the next insert will have. */
  public long mark() {
    return nextId.get();
  }

  /** Ids of the rows from {@code first} on that {@code member} has. */
  public Set<Long> present(String member, long first) throws SQLException {
    Target target =
        targets.stream().filter(each -> each.member().equals(member)).findFirst().orElseThrow();
    return present(target, login, first);
  }

  /** Ids of the rows from {@code first} on that {@code target} has. */
  public static Set<Long> present(Target target, Login login, long first) throws SQLException {
    try (ProbeSession session = ProbeSession.open(target, login)) {
      return session.ids(first);
    }
  }

  /**
   * Stops inserting; what was remembered stays. Waits for inserts under way, at most about a
   * second.
   */
  @Override
  public void close() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      // They end by themselves; the caller is in a hurry.
      Thread.currentThread().interrupt();
    }
  }

  private void probe(Target target) {
    @Nullable ProbeSession session = null;
    long next = System.nanoTime();
    while (!stopped) {
      session = attempt(session, target);
      next = Math.max(next + PACE.toNanos(), System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
    if (session != null) {
      session.close();
    }
  }

  /** One insert; the session to use next, null if a new one is needed. */
  private @Nullable ProbeSession attempt(@Nullable ProbeSession kept, Target target) {
    ProbeSession session = kept;
    if (session == null) {
      try {
        session = ProbeSession.open(target, login);
      } catch (SQLException e) {
        // It refuses, or is frozen: the next attempt comes in ten milliseconds.
        return null;
      }
    }
    long id = nextId.getAndIncrement();
    return switch (session.insert(id, target.member())) {
      case ACKNOWLEDGED -> {
        acknowledged.add(new Acknowledgement(id, target.member(), System.nanoTime()));
        yield session;
      }
      case DENIED -> session;
      case BROKEN -> {
        session.close();
        yield null;
      }
    };
  }
}
