package io.cotidal.remote;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Copies a directory while its owner goes on writing: files that vanish meanwhile are left out,
 * files that grow or change are copied as they are met. The kernel copies, by reference where the
 * file system can. Nothing is forced to the disk: one {@link LocalProcesses#sync} afterwards costs
 * less than a thousand.
 */
public final class TreeCopy {
  private static final int CHUNK = 8 * 1024 * 1024;

  private final Path source;
  private final Path target;
  private final Optional<OsUser> owner;
  private final LongConsumer progress;
  private long bytes;

  /**
   * A copy of what is in {@code source} to the existing directory {@code target}.
   *
   * @param owner whose the copies become
   * @param progress told after each chunk how many bytes are copied; may throw to end the copy
   */
  public TreeCopy(Path source, Path target, Optional<OsUser> owner, LongConsumer progress) {
    this.source = source;
    this.target = target;
    this.owner = owner;
    this.progress = progress;
  }

  /** Bytes copied so far. */
  public long bytes() {
    return bytes;
  }

  /**
   * Copies all files, and all directories, but those that are left out.
   *
   * @param leftOut given a path relative to the source; of a directory that is left out nothing is
   *     copied
   */
  public void copy(Predicate<Path> leftOut) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Path relative = source.relativize(folder);
            if (folder.equals(source)) {
              return FileVisitResult.CONTINUE;
            }
            if (leftOut.test(relative)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            directory(relative);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path relative = source.relativize(file);
            if (attributes.isRegularFile() && !leftOut.test(relative)) {
              file(relative);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem)
              throws IOException {
            if (problem instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw problem;
          }
        });
  }

  /** Makes one directory, with the source's permissions. */
  public void directory(Path relative) throws IOException {
    Path made = target.resolve(relative);
    Files.createDirectories(made);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
    if (owner.isPresent()) {
      owner.get().own(made);
    }
  }

  /** Copies one file; if it has vanished, nothing. */
  public void file(Path relative) throws IOException {
    Path made = target.resolve(relative);
    Set<PosixFilePermission> mode;
    try (FileChannel from = FileChannel.open(source.resolve(relative), StandardOpenOption.READ)) {
      mode = Files.getPosixFilePermissions(source.resolve(relative));
      Files.deleteIfExists(made);
      Files.createFile(
          made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel to = FileChannel.open(made, StandardOpenOption.WRITE)) {
        transfer(from, to);
        if (owner.isPresent()) {
          owner.get().own(made);
        }
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.setPosixFilePermissions(made, mode);
  }

  private void transfer(FileChannel from, FileChannel to) throws IOException {
    long position = 0;
    while (true) {
      long copied = from.transferTo(position, CHUNK, to);
      if (copied <= 0) {
        return;
      }
      position += copied;
      bytes += copied;
      progress.accept(bytes);
    }
  }
}
