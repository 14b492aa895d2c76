package io.cotidal.copies.steps;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What identifies a dump: its content's hash, and what changes when somebody writes to it. */
final class Fingerprints {
  private static final int CHUNK = 1 << 20;

  private Fingerprints() {}

  /** SHA-256 of a file, or of all files of a folder with their names, in hexadecimal. */
  static String sha256(Path dump, Deadline deadline) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    for (Path file : files(dump)) {
      if (!file.equals(dump)) {
        digest.update(dump.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          if (deadline.over()) {
            throw new IOException(dump + " could not be read in time");
          }
          digest.update(chunk, 0, read);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Bytes of a file, or of all files of a folder. */
  static long bytes(Path dump) throws IOException {
    long bytes = 0;
    for (Path file : files(dump)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Size and latest change of a file, or of all files of a folder. */
  static String seen(Path dump) throws IOException {
    return bytes(dump) + "@" + changed(dump).toEpochMilli();
  }

  /** When a file, or the latest of a folder, was written to last. */
  static Instant changed(Path dump) throws IOException {
    Instant latest = Files.getLastModifiedTime(dump).toInstant();
    for (Path file : files(dump)) {
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      latest = changed.isAfter(latest) ? changed : latest;
    }
    return latest;
  }

  private static List<Path> files(Path dump) throws IOException {
    if (!Files.isDirectory(dump)) {
      return List.of(dump);
    }
    try (Stream<Path> inside = Files.walk(dump, 1)) {
      return inside
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }
}
