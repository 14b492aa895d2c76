package io.cotidal.postgres.reach;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshLink;
import java.io.IOException;
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

  private final SshLink link;
  private final String command;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Dialogue dialogue;

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
      return Optional.of(new Asked(known, known.ask(SIGHT, "brief")));
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
      if (brief && asked.isPresent() && asked.get().dialogue() == known) {
        return known.answer(asked.get().number(), deadline);
      }
      if (known == null || !known.open()) {
        known = open(deadline);
      }
      return known.call(deadline, SIGHT);
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
    dialogue = opened;
    opened.greeting(deadline);
    return opened;
  }

  /** A channel whose answer did not come is not waited for again. */
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
