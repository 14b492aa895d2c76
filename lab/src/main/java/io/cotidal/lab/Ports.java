package io.cotidal.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Hands out free loopback ports. A port stays this lab's for as long as the lab lives, also while
 * the server that uses it is down: a locked file guards it against other labs of the same user, and
 * its range, below the one from which systems number outgoing connections, against chance.
 * Thread-safe.
 */
public final class Ports implements AutoCloseable {
  private static final int FIRST = 17_000;
  private static final int LAST = 31_999;
  private static final int TRIES = 200;

  private final Path folder;
  private final RandomGenerator random;
  private final List<FileChannel> held = new ArrayList<>();

  /** Keeps its locks in {@code folder}, which exists. */
  Ports(Path folder, RandomGenerator random) {
    this.folder = folder;
    this.random = random;
  }

  /**
   * A port that nobody listens on.
   *
   * @throws IOException if none is found
   */
  public synchronized int next() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = random.nextInt(FIRST, LAST + 1);
      Optional<FileChannel> lock = lock(port);
      if (lock.isPresent()) {
        if (free(port)) {
          held.add(lock.get());
          return port;
        }
        lock.get().close();
      }
    }
    throw new IOException(
        "no free loopback port between "
            + FIRST
            + " and "
            + LAST
            + " in "
            + TRIES
            + " tries: end what listens there");
  }

  @Override
  public synchronized void close() throws IOException {
    for (FileChannel channel : held) {
      channel.close();
    }
    held.clear();
  }

  private Optional<FileChannel> lock(int port) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("port-" + port), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Another lab in this JVM has it: as good as locked by another process.
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      // Somebody listens there: the caller tries the next.
      return false;
    }
  }

  /** Ports that no lab of this user has. */
  public static Ports ofUser() throws IOException {
    return in(StateFolder.ofUser().resolve("lab"), new SecureRandom());
  }

  /** Makes {@code folder} and hands out ports from it. */
  static Ports in(Path folder, RandomGenerator random) throws IOException {
    return new Ports(Files.createDirectories(folder), random);
  }
}
