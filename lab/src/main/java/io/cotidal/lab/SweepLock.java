package io.cotidal.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/** A locked file. Only one process, and in it one thread, has it at a time. */
final class SweepLock implements AutoCloseable {
  private final FileChannel channel;

  private SweepLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until {@code file} is free, and locks it. */
  static SweepLock take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    while (true) {
      try {
        if (channel.lock().isValid()) {
          return new SweepLock(channel);
        }
      } catch (OverlappingFileLockException e) {
        // The JDK refuses instead of waiting when the holder is in this JVM.
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
