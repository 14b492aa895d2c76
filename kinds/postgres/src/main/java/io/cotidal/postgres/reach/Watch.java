package io.cotidal.postgres.reach;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshTrouble;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The channel for looks, kept open between them. A look is asked for before the server is, and
 * answered meanwhile, so that a silent server costs its time once: while one is silent, more is
 * asked for from the beginning, because nothing is left of a look's time behind it. Thread-safe:
 * one look at a time.
 */
final class Watch implements AutoCloseable {
  private static final String SIGHT = "sight";
  private static final String ROOM = "room";
  private static final String BRIEF = "brief";
  private static final String WHOLE = "whole";

  private final Line line;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Dialogue dialogue;
  private boolean wholeNext;
  private long roomAsked = System.nanoTime() - LocalRoom.PERIOD.toNanos();

  /** The way to the machine. */
  interface Line {
    /** Begins to connect, if it is not, and waits for nothing. */
    void prepare() throws SshFailure;

    /** A new channel, on which nothing was heard yet. */
    Dialogue open(Deadline deadline) throws SshFailure, InterruptedException;
  }

  /** A request that is under way in that dialogue. */
  record Asked(Dialogue dialogue, long number, boolean whole) {}

  Watch(Line line) {
    this.line = line;
  }

  /** Asks, if the channel is open; and waits for nothing. */
  Optional<Asked> begin() {
    if (!lock.tryLock()) {
      return Optional.empty();
    }
    try {
      Dialogue known = dialogue;
      if (known == null || !known.open()) {
        // Begins to connect, for the one who waits later.
        line.prepare();
        return Optional.empty();
      }
      String extent = wholeNext ? WHOLE : BRIEF;
      long now = System.nanoTime();
      boolean room = now - roomAsked >= LocalRoom.PERIOD.toNanos();
      if (room) {
        roomAsked = now;
      }
      long number = room ? known.ask(SIGHT, extent, ROOM) : known.ask(SIGHT, extent);
      return Optional.of(new Asked(known, number, wholeNext));
    } catch (SshFailure e) {
      // Whoever waits for the answer is told.
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The answer; asks anew if {@link #begin} could not, or more is wanted than it asked for.
   *
   * @param brief whether the control file may be left out
   */
  List<String> end(Optional<Asked> asked, boolean brief, Deadline deadline)
      throws IOException, InterruptedException {
    if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException("another look is under way");
    }
    try {
      wholeNext = !brief;
      Dialogue known = dialogue;
      if (known != null && asked.isPresent() && asked.get().dialogue() == known) {
        List<String> answer = known.answer(asked.get().number(), deadline);
        if (brief || asked.get().whole()) {
          return answer;
        }
      }
      if (known == null || !known.open()) {
        known = open(deadline);
      }
      return known.call(deadline, SIGHT, WHOLE, ROOM);
    } catch (SshFailure e) {
      if (!(e.trouble() instanceof SshTrouble.Silent)) {
        drop();
      }
      // A slow answer is passed over when it comes; a dead channel is closed by its session.
      throw e;
    } catch (IOException e) {
      drop();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private Dialogue open(Deadline deadline) throws SshFailure, InterruptedException {
    drop();
    Dialogue opened = line.open(deadline);
    boolean greeted = false;
    try {
      opened.greeting(deadline);
      greeted = true;
    } finally {
      if (!greeted) {
        opened.cut();
      }
    }
    dialogue = opened;
    return opened;
  }

  /** A channel that has failed is not used again. */
  private void drop() {
    Dialogue known = dialogue;
    dialogue = null;
    if (known != null) {
      known.cut();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      drop();
    } finally {
      lock.unlock();
    }
  }
}
