package io.cotidal.postgres.steps;

import io.cotidal.pgclient.ControlBytes;
import io.cotidal.postgres.observe.ControlFile;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * The data of a standby whose replay stands still, copied file by file while its server runs.
 *
 * <p>The order makes it right. First the control file: from its redo point on, the log holds
 * whatever a page that is copied later may lack. Then that log, cut off where replay stands, before
 * anything can recycle it. Then the rest. No page is newer than the position, because replay stands
 * still; one that is written meanwhile, or torn, is mended by the log. The copied control file
 * names the position as the least that a recovery must reach, so that one that falls short fails.
 */
final class StillCopy {
  private static final Path CONTROL = Path.of("global/pg_control");
  private static final Path LOG = Path.of("pg_wal");
  private static final int NAME = 24;
  private static final int TIMELINE = 8;
  private static final int ZEROS = 1 << 20;

  /** What makes a data directory; configuration, keys, scripts and signals stay behind. */
  private static final Set<String> DATA =
      Set.of(
          "PG_VERSION",
          "base",
          "global",
          "pg_commit_ts",
          "pg_logical",
          "pg_multixact",
          "pg_stat",
          "pg_tblspc",
          "pg_twophase",
          "pg_xact");

  private final Path source;
  private final Path target;
  private final Position position;
  private final Optional<OsUser> owner;
  private final TreeCopy tree;

  /**
   * Where replay stands.
   *
   * @param lsn byte position behind the last record that was replayed
   * @param segment size of a file of the log, in bytes
   */
  record Position(long lsn, long timeline, long segment) {}

  StillCopy(
      Path source, Path target, Position position, Optional<OsUser> owner, LongConsumer progress) {
    this.source = source;
    this.target = target;
    this.position = position;
    this.owner = owner;
    this.tree = new TreeCopy(source, target, owner, progress);
  }

  /** Copies everything; gives how many bytes. */
  long go() throws IOException {
    tree.directory(Path.of("global"));
    tree.file(CONTROL);
    ControlFile control = ControlFile.read(target);
    BackupFiles.emptyDirectories(tree);
    log(control.redo());
    tree.copy(relative ->
        !DATA.contains(relative.getName(0).toString()) || BackupFiles.leftOut(relative));
    seal();
    return tree.bytes();
  }

  private void log(long redo) throws IOException {
    long first = redo / position.segment();
    long last = (position.lsn() - 1) / position.segment();
    TreeMap<String, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(source.resolve(LOG))) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.endsWith(".history")) {
          tree.file(LOG.resolve(name));
        } else if (name.matches("[0-9A-F]{24}") && ours(name)) {
          found.put(name, LOG.resolve(name));
        }
      }
    }
    Set<Long> there = new HashSet<>();
    for (var each : found.entrySet()) {
      long number = number(each.getKey());
      if (number >= first && number <= last) {
        tree.file(each.getValue());
        Path copied = target.resolve(each.getValue());
        if (Files.exists(copied)) {
          there.add(number);
          if (number == last) {
            cut(copied);
          }
        }
      }
    }
    for (long number = first; number <= last; number++) {
      if (!there.contains(number)) {
        throw new IOException("the log of " + source + " was recycled while it was copied: again");
      }
    }
  }

  private boolean ours(String name) {
    return Long.parseLong(name.substring(0, TIMELINE), 16) <= position.timeline();
  }

  private long number(String name) {
    long high = Long.parseLong(name.substring(TIMELINE, 2 * TIMELINE), 16);
    long low = Long.parseLong(name.substring(2 * TIMELINE, NAME), 16);
    return high * (0x1_0000_0000L / position.segment()) + low;
  }

  /** What was received and not replayed is no part of this moment. */
  private void cut(Path segment) throws IOException {
    long from = (position.lsn() - 1) % position.segment() + 1;
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      for (long at = from; at < position.segment(); ) {
        zeros.clear().limit((int) Math.min(ZEROS, position.segment() - at));
        at += file.write(zeros, at);
      }
    }
  }

  private void seal() throws IOException {
    Path file = target.resolve(CONTROL);
    try {
      byte[] sealed =
          ControlBytes.of(Files.readAllBytes(file))
              .withMinimumRecovery(position.lsn(), position.timeline())
              .bytes();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(sealed), 0);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (owner.isPresent()) {
      owner.get().own(file);
    }
  }

  /** The word for how files come to {@code target}: the kernel shares them where it can. */
  static String method(Path source, Path target) throws IOException {
    FileStore from = Files.getFileStore(source);
    FileStore to = Files.getFileStore(target);
    boolean shares = Set.of("btrfs", "xfs").contains(from.type().toLowerCase(Locale.ROOT));
    // Two subvolumes are two stores, by the name of one device.
    return shares && from.type().equals(to.type()) && from.name().equals(to.name())
        ? "reflink"
        : "copy";
  }
}
