package io.cotidal.feeds.transfer;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What one reading of a file found.
 *
 * @param md5 what jobs speak of
 * @param sha256 what the cache is ordered by
 * @param size in bytes
 */
record Digests(String md5, String sha256, long size) {
  private static final int PIECE = 128 * 1024;

  /**
   * Reads the file once, a piece at a time.
   *
   * @throws IOException if it is no regular file, cannot be read, or takes too long
   */
  static Digests of(Path file, Deadline deadline) throws IOException, InterruptedException {
    MessageDigest md5 = digest("MD5");
    MessageDigest sha256 = digest("SHA-256");
    byte[] piece = new byte[PIECE];
    long size = 0;
    try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int read = input.read(piece); read >= 0; read = input.read(piece)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while a file was read");
        }
        if (deadline.over()) {
          throw new InterruptedIOException("reading it again took too long");
        }
        md5.update(piece, 0, read);
        sha256.update(piece, 0, read);
        size += read;
      }
    }
    return new Digests(hex(md5.digest()), hex(sha256.digest()), size);
  }

  /** Of a short text. */
  static String sha256(String text) {
    return hex(digest("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + name, e);
    }
  }
}
