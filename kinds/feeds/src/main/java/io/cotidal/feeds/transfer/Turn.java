package io.cotidal.feeds.transfer;

import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.KernelLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The right to work on one key, which one thread of one process has at a time. */
final class Turn implements AutoCloseable {
  private static final Duration FIRST_LOOK = Duration.ofMillis(10);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(300);

  private final KernelLock lock;

  private Turn(KernelLock lock) {
    this.lock = lock;
  }

  /**
   * Waits for it.
   *
   * @throws TransferException as {@link Kind#LATE} if another has it until the deadline
   */
  static Turn wait(Folders folders, String key, Deadline deadline)
      throws TransferException, InterruptedException {
    Path file = folders.lock(key);
    Duration look = FIRST_LOOK;
    try {
      while (true) {
        Optional<Turn> turn = at(folders, key);
        if (turn.isPresent()) {
          return turn.get();
        }
        if (deadline.over()) {
          throw new TransferException(
              Kind.LATE, file + ": somebody else is fetching it; wait until that is done");
        }
        deadline.pause(look);
        look = look.compareTo(LONGEST_LOOK) < 0 ? look.multipliedBy(2) : look;
      }
    } catch (IOException e) {
      throw TransferException.local(file, e);
    }
  }

  /** Takes it if nobody has it. */
  static Optional<Turn> at(Folders folders, String key) throws IOException {
    KernelLock lock = KernelLock.on(folders.ready(folders.lock(key)));
    if (lock.take()) {
      return Optional.of(new Turn(lock));
    }
    lock.close();
    return Optional.empty();
  }

  @Override
  public void close() {
    lock.close();
  }
}
