package io.cotidal.copies.storage;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.TreeCopy;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;

/**
 * One copy on its way, in the three ways there are. For one thread.
 *
 * @param source a folder at rest
 * @param target where the copy grows; not there yet
 * @param uid whose it becomes; -1 for this process's own
 * @param leftOut given a path relative to the source
 */
record Copying(
    SystemCalls calls,
    Path source,
    Path target,
    int uid,
    Predicate<Path> leftOut,
    Deadline deadline) {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int PERMISSIONS = 0x1FF;

  /** A snapshot of a subvolume, then its owners. */
  void snapshot() throws IOException, InterruptedException {
    new Subvolumes(calls).snapshot(source, target);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
    new Adoption().go();
  }

  /** Files that share their extents; into {@code target}, which is made by {@code maker}. */
  void share(Maker maker) throws IOException, InterruptedException {
    new Sharing(maker).go();
  }

  /** Every byte, and on the disk before it counts as a copy. */
  void plain() throws IOException, InterruptedException {
    new Inspection().go();
    Files.createDirectory(target, PRIVATE);
    own(target);
    Optional<OsUser> owner =
        uid < 0 ? Optional.empty() : Optional.of(new OsUser(Integer.toString(uid), uid, uid));
    try {
      new TreeCopy(source, target, owner, _ -> goOn()).copy(leftOut);
    } catch (ClosedByInterruptException e) {
      throw (InterruptedException)
          new InterruptedException("interrupted while copying").initCause(e);
    } catch (CancellationException e) {
      if (Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
      }
      throw new IOException(e.getMessage(), e);
    }
    Durable.syncTree(target);
  }

  private void goOn() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted while copying");
    }
    if (deadline.over()) {
      throw new CancellationException(
          "the copy was not made in time: this file system copies byte by byte");
    }
  }

  private void own(Path file) throws CallFailed {
    if (uid >= 0) {
      calls.own(file, uid);
    }
  }

  /** How the topmost folder of a copy is made. */
  @FunctionalInterface
  interface Maker {
    /** Makes it, empty. */
    void make(Path folder) throws IOException;
  }

  private final class Adoption extends CopyWalk {
    Adoption() {
      super(target, leftOut, deadline);
    }

    @Override
    void folder(Path folder, Path relative) throws IOException {
      if (Subvolumes.missing(folder)) {
        throw new IOException(
            "'"
                + Words.shown(relative)
                + "' is a subvolume of its own, which a snapshot leaves empty: make it a plain folder");
      }
      own(folder);
    }

    @Override
    void file(Path file, Path relative, BasicFileAttributes attributes) throws IOException {
      own(file);
    }

    @Override
    void leave(Path entry) throws IOException {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        Durable.empty(entry);
      }
      Files.delete(entry);
    }
  }

  private final class Sharing extends CopyWalk {
    private final Maker maker;

    Sharing(Maker maker) {
      super(source, leftOut, deadline);
      this.maker = maker;
    }

    @Override
    void folder(Path folder, Path relative) throws IOException {
      if (relative.toString().isEmpty()) {
        maker.make(target);
        own(target);
      } else {
        Path made = target.resolve(relative);
        Files.createDirectory(made, PRIVATE);
        own(made);
      }
    }

    @Override
    void file(Path file, Path relative, BasicFileAttributes attributes) throws IOException {
      Path made = target.resolve(relative);
      int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      int from = calls.openFile(file);
      try {
        int to = calls.createFile(made);
        try {
          if (attributes.size() > 0) {
            calls.share(to, from, made);
          }
          if (uid >= 0) {
            calls.own(to, uid, made);
          }
          calls.permit(to, mode & PERMISSIONS, made);
        } finally {
          calls.close(to);
        }
      } finally {
        calls.close(from);
      }
    }

    @Override
    void leave(Path entry) {
      // It is not copied: that is all.
    }
  }

  /** Only looks for what may not be copied. */
  private final class Inspection extends CopyWalk {
    Inspection() {
      super(source, leftOut, deadline);
    }

    @Override
    void folder(Path folder, Path relative) {
      // Any folder may be copied.
    }

    @Override
    void file(Path file, Path relative, BasicFileAttributes attributes) {
      // Any regular file may be copied.
    }

    @Override
    void leave(Path entry) {
      // What is left out does no harm.
    }
  }
}
