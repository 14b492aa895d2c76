package io.cotidal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that only takes up room on the store's disk. It is given up when the disk is full, so that
 * a failover can still be journalled, and made anew when there is room again. Belongs to the
 * writer's thread.
 */
final class Reserve {
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);

  /** A commit of a failover takes up to a hundred kilobytes of the log: so it is for 80 of them. */
  static final long BYTES = 8L << 20;

  /** It is made only where it leaves so many times its size: others need the disk as well. */
  private static final int TIMES = 4;

  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final long bytes;
  private boolean prepared;
  private boolean given;

  private Reserve(Path file, long bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** Beside that store. */
  static Reserve beside(Path store, long bytes) {
    return new Reserve(store.resolveSibling(store.getFileName() + ".reserve"), bytes);
  }

  /** Makes it, the first time, if it is not there; one line if there is no room for it. */
  void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    try {
      if (Files.exists(file) && Files.size(file) >= bytes) {
        return;
      }
      if (!room()) {
        LOG.warn(
            "reserve={} not made: the disk has too little room; a full disk will stop the journal",
            file);
        return;
      }
      fill();
    } catch (IOException e) {
      LOG.warn("reserve={} not made: {}", file, e.toString());
    }
  }

  private boolean room() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    return Files.getFileStore(folder == null ? file.toAbsolutePath() : folder).getUsableSpace()
        >= TIMES * bytes;
  }

  /** Not zeros: a file system that packs them would keep no room. */
  private void fill() throws IOException {
    boolean whole = false;
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] block = new byte[BLOCK];
      RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
      long left = bytes;
      while (left > 0) {
        random.nextBytes(block);
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, (int) Math.min(left, BLOCK));
        while (buffer.hasRemaining()) {
          left -= channel.write(buffer);
        }
      }
      channel.force(true);
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Whether it has been given up, and the room that is left is for failovers alone. */
  boolean given() {
    return given;
  }

  /** Gives it up; whether there was anything to give. */
  boolean give() {
    if (given) {
      return false;
    }
    try {
      given = Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("reserve={} cannot be given up: {}", file, e.toString());
    }
    if (given) {
      LOG.warn("reserve={} given up: the disk is full; only failovers are journalled now", file);
    }
    return given;
  }

  /** Makes it anew if there is room again. */
  void restore() {
    try {
      if (given && room()) {
        fill();
        given = false;
        LOG.info("reserve={} made anew: everything is journalled again", file);
      }
    } catch (IOException e) {
      LOG.debug("reserve not made anew: {}", e.toString());
    }
  }
}
