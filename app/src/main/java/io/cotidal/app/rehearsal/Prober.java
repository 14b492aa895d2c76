package io.cotidal.app.rehearsal;

import io.cotidal.model.MemberId;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.rehearsal.CloneCluster;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Commits a row to every clone every ten milliseconds, whoever takes it, and remembers which
 * commits were acknowledged. Thread-safe.
 */
final class Prober implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(10);
  private static final Duration OPEN = Duration.ofMillis(500);
  private static final Duration COMMIT = Duration.ofSeconds(2);
  private static final Duration ONCE = Duration.ofSeconds(10);

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
    try (PgSession session = PgSession.open(clones.login(first), ONCE)) {
      session.run("CREATE TABLE probe (id bigint PRIMARY KEY)", ONCE);
    } catch (PgException e) {
      throw new RehearsalFailed("the clones' primary takes no table: " + e.getMessage(), e);
    }
    Prober prober = new Prober();
    for (Server each : clones.spec().servers()) {
      Login login = clones.login(each);
      prober.threads.add(
          Thread.ofVirtual()
              .name("prober " + each.id())
              .start(() -> prober.write(each.id(), login)));
    }
    return prober;
  }

  private void write(MemberId member, Login login) {
    @Nullable PgSession session = null;
    try {
      while (!stopped) {
        try {
          if (session == null || session.broken()) {
            session = open(login);
          }
          long id = next.incrementAndGet();
          long sent = System.nanoTime();
          session.run("INSERT INTO probe VALUES (?)", COMMIT, id);
          acks.add(new Ack(id, member, sent, System.nanoTime()));
        } catch (PgException e) {
          // It stands by, or is gone: what was not acknowledged is not counted.
        }
        Deadline.in(PACE).pause(PACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (session != null) {
        session.close();
      }
    }
  }

  /** As a client whose commits wait for what the cluster promises. */
  private static PgSession open(Login login) throws PgException {
    PgSession session = PgSession.open(login, OPEN);
    session.run("SET synchronous_commit = on", OPEN);
    return session;
  }

  /** All that were acknowledged so far. */
  List<Ack> acknowledged() {
    return List.copyOf(acks);
  }

  /** Which rows that clone has. */
  static Set<Long> kept(CloneCluster clones, MemberId member) throws RehearsalFailed {
    Server server = clones.spec().server(member).orElseThrow();
    try (PgSession session = PgSession.open(clones.login(server), ONCE)) {
      return new HashSet<>(session.all("SELECT id FROM probe", ONCE, row -> row.getLong(1)));
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
