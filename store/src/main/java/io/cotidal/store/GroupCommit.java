package io.cotidal.store;

import io.cotidal.engine.Store.Result;
import io.cotidal.store.Waiting.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer: takes all work that waits, writes each piece within a savepoint of one
 * transaction, so that a refused one harms no other, commits once, then tells everybody. Tidies up
 * when nothing waits.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** Bounds how long urgent work waits for a group that is being written. */
  private static final int GROUP = 256;

  /** Tidy up after this time without work. */
  private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();

  /** A store that is never idle is tidied after so many groups. */
  private static final int BUSY_GROUPS = 2_000;

  /**
   * So many groups the log holds before it is moved into the file. Not fewer: the first commit to a
   * log that begins anew waits for the disk twice.
   */
  private static final int SETTLE_GROUPS = 100;

  /** Longer than a group takes on a slow disk. */
  private static final Duration LAST_WORK = Duration.ofSeconds(30);

  private final Sqlite sqlite;
  private final Retention retention;
  private final Waiting waiting;
  private final Thread thread;
  private @Nullable Connection connection;
  private int groupsSinceTidy;
  private int groupsSinceSettled;
  private boolean untidy = true;
  private volatile @Nullable String problem;

  /** Starts on a connection that is ready to write, and owns it from now on. */
  GroupCommit(Sqlite sqlite, Connection connection, Retention retention, Waiting waiting) {
    this.sqlite = sqlite;
    this.connection = connection;
    this.retention = retention;
    this.waiting = waiting;
    // A platform thread: SQLite's native calls would pin a virtual one.
    this.thread = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Takes work in; what cannot wait is answered {@code FAILED}. Never answers on the caller's
   * thread.
   */
  void submit(Entry entry) {
    if (!waiting.offer(entry)) {
      LOG.warn(
          "store={} work={} not taken: too much work waits, or the store is closed",
          sqlite.file(),
          entry.what());
      Thread.startVirtualThread(() -> answer(entry, Result.FAILED));
    }
  }

  /** Why nothing can be written now, as far as the last attempt tells. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private void run() {
    try {
      while (!waiting.finished()) {
        List<Entry> group = take();
        if (!group.isEmpty()) {
          settle(group);
          untidy = true;
          groupsSinceTidy++;
          groupsSinceSettled++;
        }
        if ((group.isEmpty() && untidy) || groupsSinceTidy >= BUSY_GROUPS) {
          tidy();
        }
      }
    } finally {
      waiting.close();
      discard();
    }
  }

  private List<Entry> take() {
    try {
      return waiting.take(GROUP, IDLE_NANOS);
    } catch (InterruptedException e) {
      // Nobody but close() ends this thread: whoever interrupts it wants it to end, after the work
      // that waits.
      waiting.close();
      return List.of();
    }
  }

  private void settle(List<Entry> group) {
    List<Result> results;
    try {
      results = write(group);
    } catch (RuntimeException e) {
      LOG.error("store={} the writer met a fault of its own", sqlite.file(), e);
      discard();
      results = group.stream().map(entry -> Result.UNKNOWN).toList();
    }
    for (int i = 0; i < group.size(); i++) {
      answer(group.get(i), results.get(i));
    }
  }

  private static void answer(Entry entry, Result result) {
    try {
      entry.then().accept(result);
    } catch (RuntimeException e) {
      LOG.error("work={} result={} the one who waited for it failed", entry.what(), result, e);
    }
  }

  private List<Result> write(List<Entry> group) {
    List<Result> results = new ArrayList<>();
    Connection open;
    try {
      open = open();
      Sqlite.begin(open);
      for (Entry entry : group) {
        results.add(writeOne(open, entry));
      }
    } catch (SQLException e) {
      lost("not written", e);
      return group.stream().map(entry -> Result.FAILED).toList();
    }
    try {
      Sql.run(open, "COMMIT");
    } catch (SQLException e) {
      lost("it is not known whether it was written", e);
      // A refusal may rest on rows of this very group, so it is no longer known to be one; nothing
      // was written for it.
      return results.stream()
          .map(result -> result == Result.COMMITTED ? Result.UNKNOWN : Result.FAILED)
          .toList();
    }
    mended();
    return results;
  }

  private Result writeOne(Connection open, Entry entry) throws SQLException {
    Sql.run(open, "SAVEPOINT work");
    Result result;
    try {
      result = entry.work().write(open) ? Result.COMMITTED : Result.REFUSED;
    } catch (SQLException e) {
      if (!Sqlite.constraint(e)) {
        throw e;
      }
      LOG.warn("store={} work={} not written: {}", sqlite.file(), entry.what(), e.getMessage());
      result = Result.FAILED;
    } catch (RuntimeException e) {
      LOG.error(
          "store={} work={} not written: its rows make no sense", sqlite.file(), entry.what(), e);
      result = Result.FAILED;
    }
    if (result != Result.COMMITTED) {
      Sql.run(open, "ROLLBACK TO SAVEPOINT work");
    }
    Sql.run(open, "RELEASE SAVEPOINT work");
    return result;
  }

  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = sqlite.writer();
      connection = open;
    }
    return open;
  }

  /**
   * After a failure nobody knows what the connection's transaction is: closing it rolls back what
   * is left.
   */
  private void discard() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.warn("store={} closing: {}", sqlite.file(), Sqlite.explain(e));
      }
    }
  }

  /**
   * One line when trouble begins or changes, not one a commit: work may be offered many times a
   * second.
   */
  private void lost(String what, SQLException e) {
    discard();
    String now = Sqlite.explain(e);
    if (!now.equals(problem)) {
      LOG.warn("store={} {}: {}", sqlite.file(), what, now);
    }
    problem = now;
  }

  private void mended() {
    if (problem != null) {
      LOG.info("store={} writes again", sqlite.file());
      problem = null;
    }
  }

  private void tidy() {
    groupsSinceTidy = 0;
    try {
      Connection open = open();
      Sqlite.begin(open);
      boolean more = retention.prune(open);
      Sql.run(open, "COMMIT");
      if (groupsSinceSettled >= SETTLE_GROUPS) {
        groupsSinceSettled = 0;
        Sqlite.settle(open);
      }
      untidy = more;
    } catch (SQLException e) {
      untidy = false;
      lost("not tidied", e);
    }
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    waiting.close();
    try {
      if (!thread.join(LAST_WORK)) {
        LOG.warn(
            "store={} still writes after {} s; closing without it",
            sqlite.file(),
            LAST_WORK.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
