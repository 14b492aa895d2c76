package io.cotidal.copies.servers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a server prints. The server appends by itself, so it can print while no daemon runs; whoever
 * looks at the server cuts the file when it has become long, and keeps the end beside it.
 */
public record ServerLog(Path file) {
  /** A server that prints more between two looks takes more for that long. */
  static final long LIMIT = 8L << 20;

  private static final int LONGEST_LINE = 300;

  /**
   * Lines in which servers, and the programs that start them, say why they cannot go on. Lines
   * below those, with statements and values, are data and are not shown.
   */
  private static final Pattern TELLING =
      Pattern.compile(
          "\\[ERROR\\] |FATAL: |PANIC: |^setpriv: |^setsid: |error while loading shared libraries");

  /**
   * Makes it fit for a server that starts: empty or short, the account's, and no link.
   *
   * @param uid of the account; -1 for that of this process
   */
  public void prepare(int uid) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !plain()) {
      Files.delete(file);
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (uid >= 0) {
        Files.setAttribute(file, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      }
    }
    cut();
  }

  /** Adds what a server printed elsewhere. */
  public void append(List<String> lines) throws IOException {
    if (!plain()) {
      throw new IOException(file + " is no plain file of its own");
    }
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    try (SeekableByteChannel log = RunFiles.open(file, StandardOpenOption.APPEND)) {
      log.write(ByteBuffer.wrap(text));
    }
  }

  /** Keeps the end of a long one in a file beside it, and goes on with an empty one. */
  void cut() throws IOException {
    if (!plain() || Files.size(file) <= LIMIT) {
      return;
    }
    Path old = file.resolveSibling(file.getFileName() + ".1");
    Path fresh = file.resolveSibling(file.getFileName() + ".cotidal-new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (SeekableByteChannel to = RunFiles.open(fresh, StandardOpenOption.WRITE)) {
      to.write(StandardCharsets.UTF_8.encode(RunFiles.tail(file)));
    }
    Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE);
    try (SeekableByteChannel log = RunFiles.open(file, StandardOpenOption.WRITE)) {
      // The server opened it for appending: it goes on at the new end.
      log.truncate(0);
    }
  }

  /** The last line that says why the server ended, shortened; empty if there is none. */
  String lastWords() throws IOException {
    if (!plain()) {
      return "";
    }
    return RunFiles.tail(file)
        .lines()
        .filter(line -> TELLING.matcher(line).find())
        .reduce((a, b) -> b)
        .map(ServerLog::shown)
        .orElse("");
  }

  private static String shown(String line) {
    String plain = line.replaceAll("\\p{Cntrl}", " ").strip();
    return plain.length() > LONGEST_LINE ? plain.substring(0, LONGEST_LINE) + "…" : plain;
  }

  private boolean plain() throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == 1;
  }
}
