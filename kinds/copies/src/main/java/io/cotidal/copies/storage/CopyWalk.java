package io.cotidal.copies.storage;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/**
 * Goes through a folder at rest for a copy. A link ends it: a copy with the same link would write
 * where its source writes, and one without it would lack data. Sockets and pipes are no data and
 * are left out.
 */
abstract class CopyWalk extends SimpleFileVisitor<Path> {
  private final Path top;
  private final Predicate<Path> leftOut;
  private final Deadline deadline;

  /**
   * Through {@code top}.
   *
   * @param leftOut given paths relative to {@code top}
   */
  CopyWalk(Path top, Predicate<Path> leftOut, Deadline deadline) {
    this.top = top;
    this.leftOut = leftOut;
    this.deadline = deadline;
  }

  /** Goes. */
  final void go() throws IOException, InterruptedException {
    try {
      Files.walkFileTree(top, this);
    } catch (InterruptedIOException e) {
      throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
    }
  }

  /** Takes a folder that belongs to the copy; {@code relative} is empty for the top. */
  abstract void folder(Path folder, Path relative) throws IOException;

  /** Takes a regular file that belongs to the copy. */
  abstract void file(Path file, Path relative, BasicFileAttributes attributes) throws IOException;

  /** Deals with what is left out: a file, or a folder with all that is in it. */
  abstract void leave(Path entry) throws IOException;

  @Override
  public final FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    check();
    Path relative = top.relativize(folder);
    if (!folder.equals(top) && leftOut.test(relative)) {
      leave(folder);
      return FileVisitResult.SKIP_SUBTREE;
    }
    folder(folder, relative);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public final FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
      throws IOException {
    check();
    Path relative = top.relativize(file);
    if (leftOut.test(relative) || attributes.isOther()) {
      leave(file);
    } else if (attributes.isSymbolicLink()) {
      throw new IOException(
          "'"
              + Words.shown(relative)
              + "' is a link: a copy would write where its source writes; keep all data within the folder");
    } else {
      file(file, relative, attributes);
    }
    return FileVisitResult.CONTINUE;
  }

  private void check() throws IOException {
    if (Thread.interrupted()) {
      throw new InterruptedIOException("interrupted while copying");
    }
    if (deadline.over()) {
      throw new IOException("the copy was not made in time");
    }
  }
}
