package io.cotidal.postgres.reach;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshLink;
import io.cotidal.remote.ssh.SshTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The channel for looks, kept open between them. A look is asked for before the server is, and
 * answered meanwhile, so that a silent server costs its time once. Thread-safe: one look at a time.
 */
final class Watch implements AutoCloseable {
  private static final String SIGHT = "sight";
  private static final String ROOM = "room";
  private static final Duration MORE = Duration.ofMillis(250);

  private final SshLink link;
  private final String command;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Dialogue dialogue;
  private long roomAsked = System.nanoTime() - LocalRoom.PERIOD.toNanos();

  /** A request that is under way in that dialogue. */
  record Asked(Dialogue dialogue, long number) {}

  Watch(SshLink link, String command) {
    this.link = link;
    this.command = command;
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
        link.ready();
        return Optional.empty();
      }
      long now = System.nanoTime();
      if (now - roomAsked < LocalRoom.PERIOD.toNanos()) {
        return Optional.of(new Asked(known, known.ask(SIGHT, "brief")));
      }
      roomAsked = now;
      return Optional.of(new Asked(known, known.ask(SIGHT, "brief", ROOM)));
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
      Dialogue known = dialogue;
      Deadline until = deadline;
      if (known != null && asked.isPresent() && asked.get().dialogue() == known) {
        List<String> answer = known.answer(asked.get().number(), deadline);
        if (brief) {
          return answer;
        }
        // It answers, so that the rest is worth a little more time.
        until = Deadline.in(MORE);
      }
      if (known == null || !known.open()) {
        known = open(until);
      }
      return known.call(until, SIGHT, "whole", ROOM);
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
    Dialogue opened = new Dialogue(link.open(command, deadline), link.access().toString());
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
