package io.cotidal.feeds.transfer;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the cache knows of a key.
 *
 * @param sha256 of the content
 * @param size of the content, in bytes
 * @param modified when the file was changed at the place it came from, in seconds of the epoch;
 *     negative if that must not be relied on
 */
record Entry(String sha256, long size, long modified) {
  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64}) (\\d{1,18}) (-?\\d{1,18})\\n");
  private static final int LONGEST = 128;
  private static final long SMALL = 256 << 10;

  /** That of the key; empty if there is none, or what is written there makes no sense. */
  static Optional<Entry> read(Folders folders, String key) throws IOException {
    Path file = folders.entry(key);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LONGEST) {
      return Optional.empty();
    }
    try {
      // A file that a power cut left behind can hold anything.
      Matcher line = LINE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      return line.matches()
          ? Optional.of(
              new Entry(
                  line.group(1), Long.parseLong(line.group(2)), Long.parseLong(line.group(3))))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether the content is so small that it is read again rather than put on the disk at once. */
  boolean small() {
    return size <= SMALL;
  }

  /** Replaces that of the key: whoever reads finds the old one or the new one. */
  void write(Folders folders, String key) throws IOException {
    Path file = folders.ready(folders.entry(key));
    Path fresh = folders.fresh(".entry");
    try {
      Files.writeString(
          fresh,
          sha256 + " " + size + " " + modified + "\n",
          StandardCharsets.ISO_8859_1,
          StandardOpenOption.CREATE_NEW);
      if (!small()) {
        Durable.sync(fresh);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
