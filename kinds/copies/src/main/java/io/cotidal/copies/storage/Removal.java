package io.cotidal.copies.storage;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes a folder with all that is in it: subvolumes at one stroke each, the rest file by file.
 * Links are removed, never followed; nothing that is mounted is entered.
 */
final class Removal {
  private final SystemCalls calls;
  private final boolean subvolumes;
  private final Deadline deadline;

  /** On a volume that may hold subvolumes, or on one that cannot. */
  Removal(SystemCalls calls, boolean subvolumes, Deadline deadline) {
    this.calls = calls;
    this.subvolumes = subvolumes;
    this.deadline = deadline;
  }

  /** Removes {@code folder}; one that is not there is no error. */
  void remove(Path folder) throws IOException, InterruptedException {
    if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    List<Mounts.Mount> mounted = Mounts.now().within(folder);
    if (!mounted.isEmpty()) {
      throw new IOException(
          "something is mounted at "
              + Words.shown(mounted.getFirst().point())
              + ": nothing was removed; unmount it first");
    }
    try {
      if (!destroyed(folder)) {
        Files.walkFileTree(folder, new Walk());
      }
    } catch (InterruptedIOException e) {
      throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
    }
  }

  /** Whether it was a subvolume and is gone, with those within it. */
  private boolean destroyed(Path folder) throws IOException {
    if (!subvolumes || !Subvolumes.is(folder)) {
      return false;
    }
    try {
      new Subvolumes(calls).destroy(folder);
      return true;
    } catch (CallFailed e) {
      return switch (e.error()) {
        case CallFailed.NOT_THERE -> true;
        // It holds others; or this user may remove it only when it is empty. File by file, then.
        case CallFailed.NOT_EMPTY, CallFailed.NOT_PERMITTED -> false;
        default -> throw e;
      };
    }
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted while removing " + folder);
      }
      if (deadline.over()) {
        throw new IOException("not all of " + Words.shown(folder) + " was removed in time");
      }
      return destroyed(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
      if (problem instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw problem;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem)
        throws IOException {
      if (problem != null) {
        throw problem;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
