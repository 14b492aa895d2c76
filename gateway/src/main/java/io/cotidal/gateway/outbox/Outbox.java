package io.cotidal.gateway.outbox;

import io.cotidal.gateway.clock.HybridClock;
import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What must be looked at, durably. Thread-safe. No call waits for the disk: what is returned is
 * done when the line is on it, or fails with {@link OutboxFailed}; one thread writes for all.
 */
public final class Outbox implements AutoCloseable {
  /** No change has this number. */
  private static final long NOBODY = 0;

  private final OutboxFolder folder;
  private final OutboxLimits limits;
  private final InstantSource time;

  /** Changed by the scribe's thread alone, under the lock. */
  private final Table table;

  private final Scribe scribe;
  private final ReentrantLock lock = new ReentrantLock();
  private HybridClock clock;
  private long nextId;
  private long forces;
  private volatile Runnable listener = () -> {};

  private Outbox(
      OutboxFolder folder, OutboxLimits limits, InstantSource time, Table table, OutboxFile file) {
    this.folder = folder;
    this.limits = limits;
    this.time = time;
    this.table = table;
    this.clock = new HybridClock(table.stamp(), limits.bound());
    this.nextId = table.next();
    this.scribe = new Scribe(folder, file, limits.file(), new Applying());
  }

  /**
   * Opens it, or begins one. Changes of which nobody knows how they ended may have been done.
   *
   * @param folder is made if it is not there; nobody else's business
   * @param time of this machine
   * @throws OutboxFailed if another process has it, or it cannot be read or written
   */
  public static Outbox open(Path folder, OutboxLimits limits, InstantSource time)
      throws OutboxFailed {
    OutboxFolder files = OutboxFolder.open(folder);
    try {
      Table table = files.recovered();
      table.flying().forEach(id -> table.apply(new Note.Ended(id, true)));
      Outbox outbox = new Outbox(files, limits, time, table, files.next(table));
      outbox.scribe.start();
      return outbox;
    } catch (IOException e) {
      files.close();
      throw new OutboxFailed(
          "the outbox " + folder + " cannot be written: " + OutboxFolder.line(e), e);
    } catch (OutboxFailed | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** Keeps the table as the disk is. */
  private final class Applying implements Scribe.Book {
    @Override
    public Table table() {
      return table;
    }

    @Override
    public void written(List<Note> notes) {
      lock.lock();
      try {
        notes.forEach(table::apply);
        forces++;
      } finally {
        lock.unlock();
      }
      listener.run();
    }

    @Override
    public void failed(List<Note> notes) {
      lock.lock();
      try {
        // What is not on the disk is unknown after a crash, and unknown means: look at it.
        notes.stream()
            .filter(note -> note instanceof Note.Ended || note instanceof Note.Converged)
            .forEach(table::apply);
      } finally {
        lock.unlock();
      }
      listener.run();
    }
  }

  /**
   * Writes down what is about to be tried.
   *
   * @param verb for people
   * @param before what is known of it now; not looked at if it is open already
   * @return its ticket, when it is on the disk
   */
  public CompletionStage<Ticket> intend(Subject subject, String verb, Footing before) {
    lock.lock();
    try {
      if (scribe.waiting() >= limits.waiting()) {
        return CompletableFuture.failedFuture(new OutboxFailed("the disk is too slow: try later"));
      }
      if (table.size() >= limits.open() && table.open(subject).isEmpty()) {
        return CompletableFuture.failedFuture(
            new OutboxFailed(
                "the outbox is full: " + limits.open() + " containers wait for other sites"));
      }
      // Stamps are in the order of lines: nobody comes between.
      clock = clock.next(Timestamp.of(time.instant()));
      Ticket ticket = new Ticket(nextId++, clock.last());
      return scribe
          .submit(new Note.Intended(ticket.id(), ticket.stamp(), subject, verb, before))
          .thenApply(_ -> ticket);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes down how it ended. If that cannot be written it holds here all the same, and after a
   * crash it is unknown how it ended.
   *
   * @param done whether it may have been done
   */
  public CompletionStage<@Nullable Void> ended(Ticket ticket, boolean done) {
    return scribe.submit(new Note.Ended(ticket.id(), done));
  }

  /**
   * Writes down what has been agreed of it. Nothing is done about that before it is on the disk.
   */
  public CompletionStage<@Nullable Void> kept(Subject subject, Footing agreed) {
    return scribe.submit(new Note.Kept(subject, agreed));
  }

  /**
   * Lets go of it, unless something has happened since.
   *
   * @param version the one that it had before its sites were looked at
   */
  public CompletionStage<@Nullable Void> converged(Subject subject, long version) {
    return scribe.submit(new Note.Converged(subject, version));
  }

  /** What is open of it. */
  public Optional<Open> open(Subject subject) {
    lock.lock();
    try {
      return table.open(subject);
    } finally {
      lock.unlock();
    }
  }

  /** All that is open, in order of names. */
  public List<Open> open() {
    lock.lock();
    try {
      return table.all();
    } finally {
      lock.unlock();
    }
  }

  /** Hears a stamp of another gateway: ours are later from now on, if it is believed. */
  public HybridClock.Heard heard(Timestamp stamp) {
    lock.lock();
    try {
      HybridClock.Heard heard = clock.heard(stamp, Timestamp.of(time.instant()));
      if (heard instanceof HybridClock.Heard.Taken taken) {
        clock = taken.clock();
      }
      return heard;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes down that nothing has happened.
   *
   * @return fails if the disk takes nothing: no change of a client would be let through then
   */
  public CompletionStage<@Nullable Void> tried() {
    return scribe.submit(new Note.Ended(NOBODY, false));
  }

  /** How often the disk was written to. */
  public long forces() {
    lock.lock();
    try {
      return forces;
    } finally {
      lock.unlock();
    }
  }

  /** Whom to tell, after each write to the disk and in no time, that something has happened. */
  public void onChange(Runnable told) {
    listener = told;
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    if (scribe.close()) {
      folder.close();
    }
  }
}
