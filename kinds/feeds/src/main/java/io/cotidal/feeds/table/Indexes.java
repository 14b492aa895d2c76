package io.cotidal.feeds.table;

import io.cotidal.feeds.spec.FeedsSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Builds a generation's indexes, two at a time, then its constraints. */
record Indexes(FeedsSpec.Database database) {
  /** So few that a second session would cost more than it gains. */
  private static final long FEW = 20_000;

  /** Runs them all, in {@code session} and, for many rows, in one beside it. */
  void build(Session session, List<Clause> clauses, long rows)
      throws TableException, InterruptedException {
    List<String> indexes = new ArrayList<>();
    List<String> constraints = new ArrayList<>();
    for (Clause clause : clauses) {
      switch (clause) {
        case Clause.Index index -> indexes.add(index.sql());
        case Clause.Key key -> {
          indexes.add(key.index());
          constraints.add(key.constraint());
        }
        case Clause.Late late -> constraints.add(late.sql());
        case Clause.Foreign foreign -> {}
        case Clause.Nothing nothing -> {}
        case Clause.Now now -> {}
        case Clause.Rows copy -> {}
      }
    }
    // What takes longest comes first, or one session would wait for it at the end.
    indexes.sort(Comparator.comparing(sql -> sql.contains("\"btree\"") || sql.contains("UNIQUE")));
    Queue<String> queue = new ConcurrentLinkedQueue<>(indexes);
    roomy(session);
    if (indexes.size() > 1 && rows > FEW) {
      both(session, queue);
    } else {
      work(session, queue);
    }
    for (String constraint : new ArrayDeque<>(constraints)) {
      session.run(constraint);
    }
  }

  private void both(Session session, Queue<String> queue)
      throws TableException, InterruptedException {
    FutureTask<Boolean> second =
        new FutureTask<>(() -> {
          try (Session other = Session.open(database, session.about(), session.deadline())) {
            other.judge(true);
            other.run("SET synchronous_commit = off");
            roomy(other);
            work(other, queue);
            return true;
          } finally {
            queue.clear();
          }
        });
    Thread.ofVirtual().name("second-index").start(second);
    boolean done = false;
    try {
      work(session, queue);
      second.get();
      done = true;
    } catch (ExecutionException e) {
      throw cause(e);
    } finally {
      if (!done) {
        queue.clear();
        second.cancel(true);
      }
    }
  }

  /** At least 128 MiB for sorting; more if the server has it so. */
  private static void roomy(Session session) throws TableException, InterruptedException {
    session.row(
        """
        SELECT set_config('maintenance_work_mem', greatest(setting::bigint, 131072) || 'kB', false)
        FROM pg_settings WHERE name = 'maintenance_work_mem'
        """,
        row -> true);
  }

  private static void work(Session session, Queue<String> queue)
      throws TableException, InterruptedException {
    @Nullable String next = queue.poll();
    while (next != null) {
      session.run(next);
      next = queue.poll();
    }
  }

  private static TableException cause(ExecutionException e) throws InterruptedException {
    if (e.getCause() instanceof TableException expected) {
      return expected;
    }
    if (e.getCause() instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    throw new IllegalStateException("building an index failed in a way that nobody expects", e);
  }
}
