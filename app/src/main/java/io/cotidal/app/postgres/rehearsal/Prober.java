package io.cotidal.app.postgres.rehearsal;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.PgException;
import io.cotidal.postgres.rehearsal.CloneCluster;
import io.cotidal.postgres.rehearsal.Probe;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commits a row to every clone every ten milliseconds, whoever takes it, and remembers which
 * commits were acknowledged. Thread-safe.
 */
final class Prober implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(10);

  private final Queue<Ack> acks = new ConcurrentLinkedQueue<>();
  private final AtomicLong next = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * A commit that was acknowledged.
   *
   * @param id of the row
   * @param sent monotonic nanoseconds
   * @param at monotonic nanoseconds of the acknowledgement
   */
  record Ack(long id, MemberId member, long sent, long at) {}

  private Prober() {}

  /** Begins to write. */
  static Prober start(CloneCluster clones, MemberId primary) throws RehearsalFailed {
    Server first = clones.spec().server(primary).orElseThrow();
    try {
      Probe.prepare(clones.login(first));
    } catch (PgException e) {
      throw new RehearsalFailed("the clones' primary takes no table: " + e.getMessage(), e);
    }
    String durability = clones.durability();
    Prober prober = new Prober();
    for (Server each : clones.spec().servers()) {
      Probe probe = Probe.of(clones.login(each), durability);
      prober.threads.add(
          Thread.ofVirtual()
              .name("prober " + each.id())
              .start(() -> prober.write(each.id(), probe)));
    }
    return prober;
  }

  private void write(MemberId member, Probe probe) {
    try (probe) {
      while (!stopped) {
        long id = next.incrementAndGet();
        long sent = System.nanoTime();
        try {
          probe.commit(id);
          acks.add(new Ack(id, member, sent, System.nanoTime()));
        } catch (PgException e) {
          // It stands by, or is gone: what was not acknowledged is not counted.
        }
        Deadline.in(PACE).pause(PACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All that were acknowledged so far. */
  List<Ack> acknowledged() {
    return List.copyOf(acks);
  }

  /** Which rows that clone has. */
  static Set<Long> kept(CloneCluster clones, MemberId member) throws RehearsalFailed {
    Server server = clones.spec().server(member).orElseThrow();
    try {
      return Probe.rows(clones.login(server));
    } catch (PgException e) {
      throw new RehearsalFailed(
          "the clone of " + member + " does not say what it has: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stopped = true;
    threads.forEach(Thread::interrupt);
  }
}
