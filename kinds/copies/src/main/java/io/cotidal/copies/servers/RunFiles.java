package io.cotidal.copies.servers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Reads files of folders that belong to a server's account. Whoever has that account may put there
 * what he likes; this process, which may be root, must not be led by a link to somebody else's
 * file, nor wait at a pipe.
 */
final class RunFiles {
  private static final int LIMIT = 64 * 1024;
  private static final int ROOT = 0;

  private RunFiles() {}

  /**
   * The text of a short file that this process wrote.
   *
   * @throws IOException if it is no file, is too long, or somebody else wrote it
   */
  static String text(Path file) throws IOException {
    requireFile(file);
    int owner = (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (owner != self && owner != ROOT) {
      throw new IOException(file + " was written by the account " + owner + ", not by Cotidal");
    }
    if (Files.size(file) > LIMIT) {
      throw new IOException(file + " is too long to be a record of Cotidal's");
    }
    return tail(file);
  }

  /** The end of a file, at most 64 KiB. */
  static String tail(Path file) throws IOException {
    requireFile(file);
    try (SeekableByteChannel channel = open(file, StandardOpenOption.READ)) {
      channel.position(Math.max(0, channel.size() - LIMIT));
      ByteBuffer bytes = ByteBuffer.allocate(LIMIT);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Read on to the end.
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  /** Opens it, unless it is a link. */
  static SeekableByteChannel open(Path file, OpenOption option) throws IOException {
    return Files.newByteChannel(file, Set.of(option, LinkOption.NOFOLLOW_LINKS));
  }

  /** Only a file that has no second name elsewhere. */
  static void requireFile(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) != 1) {
      throw new IOException(file + " is no plain file of its own");
    }
  }
}
