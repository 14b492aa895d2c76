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

  private final Database database;
  private final Care care;
  private final Waiting waiting;
  private final WriterConnection connection;
  private final Thread thread;
  private long restoredAt = System.nanoTime();
  private int groupsSinceTidy;
  private int groupsSinceSettled;
  private boolean untidy = true;
  private volatile @Nullable String problem;

  /** What keeps the store in order beside the work itself. */
  record Care(Retention retention, Optional<Reserve> reserve) {
    /** Whether there is room for failovers alone. */
    boolean lean() {
      return reserve.map(Reserve::given).orElse(false);
    }
  }

  /** Starts on a connection that is ready to write, and owns it from now on. */
  GroupCommit(Database database, Connection connection, Care care, Waiting waiting) {
    this.database = database;
    this.connection = new WriterConnection(database, connection);
    this.care = care;
    this.waiting = waiting;
    // A platform thread: SQLite's native calls would pin a virtual one, and a file system may hang.
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
          database.place(),
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
        if (group.isEmpty()) {
          // Not before there is time for it: a daemon that starts has better things to write.
          care.reserve().ifPresent(Reserve::prepare);
        }
        restore();
        if (!care.lean() && ((group.isEmpty() && untidy) || groupsSinceTidy >= BUSY_GROUPS)) {
          tidy();
        }
      }
    } finally {
      waiting.close();
      connection.discard();
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
      LOG.error("store={} the writer met a fault of its own", database.place(), e);
      connection.discard();
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

  /** Looks now and then whether the disk has room again. */
  private void restore() {
    if (care.lean() && System.nanoTime() - restoredAt >= IDLE_NANOS) {
      restoredAt = System.nanoTime();
      care.reserve().ifPresent(Reserve::restore);
    }
  }

  /** Writes the group, or what of it has room; once more if room could be made. */
  private List<Result> write(List<Entry> group) {
    boolean lean = care.lean();
    List<Result> results = admitted(group);
    boolean madeRoom = !lean && care.lean();
    return madeRoom && results.stream().allMatch(Result.FAILED::equals) ? admitted(group) : results;
  }

  private List<Result> admitted(List<Entry> group) {
    if (!care.lean()) {
      return commit(group);
    }
    List<Entry> failovers =
        group.stream().filter(entry -> entry.lane() == Waiting.Lane.FAILOVER).toList();
    List<Result> written = failovers.isEmpty() ? List.of() : commit(failovers);
    List<Result> results = new ArrayList<>();
    int next = 0;
    for (Entry entry : group) {
      boolean failover = entry.lane() == Waiting.Lane.FAILOVER;
      results.add(failover ? written.get(next) : Result.FAILED);
      next += failover ? 1 : 0;
    }
    return results;
  }

  private List<Result> commit(List<Entry> group) {
    List<Result> results = new ArrayList<>();
    Connection open;
    try {
      open = connection.begin();
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
    if (!care.lean()) {
      mended();
    }
    return results;
  }

  private Result writeOne(Connection open, Entry entry) throws SQLException {
    Sql.run(open, "SAVEPOINT work");
    Result result;
    try {
      result = entry.work().write(open) ? Result.COMMITTED : Result.REFUSED;
    } catch (SQLException e) {
      if (!database.rowsAtFault(e)) {
        throw e;
      }
      LOG.warn("store={} work={} not written: {}", database.place(), entry.what(), e.getMessage());
      result = Result.FAILED;
    } catch (RuntimeException e) {
      LOG.error(
          "store={} work={} not written: its rows make no sense",
          database.place(),
          entry.what(),
          e);
      result = Result.FAILED;
    }
    if (result != Result.COMMITTED) {
      Sql.run(open, "ROLLBACK TO SAVEPOINT work");
    }
    Sql.run(open, "RELEASE SAVEPOINT work");
    return result;
  }

  /**
   * One line when trouble begins or changes, not one a commit: work may be offered many times a
   * second.
   */
  private void lost(String what, SQLException e) {
    connection.discard();
    if (database.full(e)) {
      care.reserve().ifPresent(Reserve::give);
    }
    String now = database.explain(e);
    if (!now.equals(problem)) {
      LOG.warn("store={} {}: {}", database.place(), what, now);
    }
    problem = now;
  }

  private void mended() {
    if (problem != null) {
      LOG.info("store={} writes again", database.place());
      problem = null;
    }
  }

  private void tidy() {
    groupsSinceTidy = 0;
    try {
      Connection open = connection.begin();
      boolean more = care.retention().prune(open);
      Sql.run(open, "COMMIT");
      if (groupsSinceSettled >= SETTLE_GROUPS) {
        groupsSinceSettled = 0;
        database.settle(open);
      }
      untidy = more;
      mended();
    } catch (SQLException e) {
      // Tried again each second: so it is found out, too, when the trouble is over.
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
            database.place(),
            LAST_WORK.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
