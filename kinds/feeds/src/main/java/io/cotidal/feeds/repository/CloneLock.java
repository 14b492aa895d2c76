package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** Keeps out whoever else of Cotidal works on a clone: another thread, or another process. */
final class CloneLock implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final FileChannel channel;

  private CloneLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for it.
   *
   * @param file made if it is not there, and left there
   * @throws RepositoryException if it is not ours in time
   */
  static CloneLock take(Path file, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      while (!ours) {
        ours = locked(channel).isPresent();
        if (!ours && deadline.over()) {
          throw new RepositoryException(
              Kind.LOCKED,
              "%s: another one of Cotidal works on this clone; it is tried again".formatted(file));
        }
        if (!ours) {
          deadline.pause(LOOK);
        }
      }
      return new CloneLock(channel);
    } finally {
      if (!ours) {
        channel.close();
      }
    }
  }

  private static Optional<FileLock> locked(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
