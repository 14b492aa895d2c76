package io.cotidal.gateway.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Lines that wait while it writes go to the disk together, in their
 * order. Thread-safe.
 */
final class Scribe {
  private static final Logger log = LoggerFactory.getLogger(Scribe.class);

  private final OutboxFolder folder;
  private final long most;
  private final Book book;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition queued = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private List<Line> queue = new ArrayList<>();
  private boolean closed;
  private boolean over;

  /** The thread's; null if the last write failed, so that another file must be begun. */
  private @Nullable OutboxFile file;

  private record Line(Note note, CompletableFuture<@Nullable Void> written) {}

  /** Whom it writes for. Called by its thread alone. */
  interface Book {
    /** What is open, as far as it was told. */
    Table table();

    /** These are on the disk. */
    void written(List<Note> notes);

    /** Nobody knows whether these are on the disk. */
    void failed(List<Note> notes);
  }

  /**
   * It begins with {@link #start}.
   *
   * @param most bytes after which another file takes the place of one
   */
  Scribe(OutboxFolder folder, OutboxFile file, long most, Book book) {
    this.folder = folder;
    this.file = file;
    this.most = most;
    this.book = book;
    this.thread = Thread.ofPlatform().daemon().name("outbox-writer").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /** How many lines wait. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<@Nullable Void> submit(Note note) {
    CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed || over) {
        written.completeExceptionally(new OutboxFailed("the outbox is closed"));
      } else {
        queue.add(new Line(note, written));
        queued.signal();
      }
      return written;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (List<Line> lines = next(); !lines.isEmpty(); lines = next()) {
        write(lines);
      }
    } finally {
      lock.lock();
      try {
        over = true;
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** All that wait; empty when it is over. */
  private List<Line> next() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        queued.awaitUninterruptibly();
      }
      List<Line> lines = queue;
      queue = new ArrayList<>();
      return lines;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Line> lines) {
    List<Note> notes = lines.stream().map(Line::note).toList();
    try {
      append(notes);
    } catch (IOException | RuntimeException e) {
      failed(lines, notes, e);
      return;
    }
    book.written(notes);
    // Whoever waits goes on in a thread of its own: this one has the next lines to write.
    lines.forEach(line -> Thread.startVirtualThread(() -> line.written().complete(null)));
  }

  private void append(List<Note> notes) throws IOException {
    OutboxFile now = file;
    if (now == null || now.grown(most)) {
      discard();
      now = folder.next(book.table());
      file = now;
    }
    now.append(Batch.bytes(notes));
  }

  private void failed(List<Line> lines, List<Note> notes, Exception reason) {
    String text =
        "the outbox cannot be written: " + OutboxFolder.line(reason) + "; make room on its disk";
    log.warn("event=outbox-failed lines={} reason=\"{}\"", lines.size(), text);
    discard();
    book.failed(notes);
    OutboxFailed failure = new OutboxFailed(text, reason);
    lines.forEach(
        line -> Thread.startVirtualThread(() -> line.written().completeExceptionally(failure)));
  }

  /** Nobody knows what is in it beyond what was acknowledged. */
  private void discard() {
    OutboxFile broken = file;
    file = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (IOException e) {
        log.warn("event=outbox-not-closed reason=\"{}\"", OutboxFolder.line(e));
      }
    }
  }

  /** Writes what waits, and ends; false if that was done before. */
  boolean close() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      queued.signal();
      while (!over) {
        ended.awaitUninterruptibly();
      }
      if (first) {
        discard();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }
}
