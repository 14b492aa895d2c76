package io.cotidal.copies.storage;

import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A volume on a file system of this host. A copy grows under the name {@code .new-NAME} beside its
 * target and is renamed when it is whole; what a killed copy left under that name goes with the
 * next one.
 */
public final class LocalVolume implements Volume {
  private static final String FRESH = ".new-";

  private final Path root;
  private final Method method;
  private final boolean btrfs;
  private final Room room;
  private final Set<Path> underWay = ConcurrentHashMap.newKeySet();

  private LocalVolume(Path root, Method method, boolean btrfs) {
    this.root = root;
    this.method = method;
    this.btrfs = btrfs;
    this.room = new Room(root);
  }

  /**
   * The volume in {@code root}, an existing folder. Finds out what its file system can do, by
   * trying. Folders are named below {@link #root}, which is the real path.
   *
   * @throws VolumeException if it cannot be written to: nobody knows then what it can do
   */
  public static LocalVolume open(Path root, Deadline deadline)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(root)) {
      throw new NotDirectoryException(
          "volume " + root + ": no such folder; make it, or see cot volume init");
    }
    Path real = root.toRealPath();
    try (SystemCalls calls = new SystemCalls()) {
      Probe probe = new Probe(calls, real, deadline);
      return new LocalVolume(real, probe.method(), probe.btrfs());
    } catch (IOException e) {
      throw VolumeException.of(real, e);
    }
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public Method method() {
    return method;
  }

  @Override
  public void make(Path folder, Deadline deadline) throws IOException {
    Path made = inside(folder);
    requireParent(made);
    try (SystemCalls calls = new SystemCalls()) {
      make(calls, made);
    } catch (CallFailed e) {
      if (e.error() == CallFailed.EXISTS) {
        throw new FileAlreadyExistsException(made.toString());
      }
      throw VolumeException.of(root, e);
    } catch (IOException e) {
      throw VolumeException.of(root, e);
    }
  }

  private void make(SystemCalls calls, Path folder) throws IOException {
    switch (method) {
      case SNAPSHOT -> {
        new Subvolumes(calls).create(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
      case REFLINK, PLAIN ->
          Files.createDirectory(
              folder,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  @Override
  public void copy(Path source, Path target, int uid, Predicate<Path> leftOut, Deadline deadline)
      throws IOException, InterruptedException {
    Path from = inside(source);
    Path to = inside(target);
    if (from.startsWith(to) || to.startsWith(from)) {
      throw new IllegalArgumentException("'" + to + "' and '" + from + "' lie in one another");
    }
    requireParent(from);
    requireParent(to);
    requireFolder(from);
    requireNothing(to);
    if (!underWay.add(to)) {
      throw new IOException("'" + to + "' is being made by somebody else just now");
    }
    Path fresh = to.resolveSibling(FRESH + to.getFileName());
    try (SystemCalls calls = new SystemCalls()) {
      Removal removal = new Removal(calls, btrfs, deadline);
      removal.remove(fresh);
      try {
        fill(new Copying(calls, from, fresh, uid, leftOut, deadline));
        publish(calls, fresh, to);
      } catch (IOException | InterruptedException | RuntimeException e) {
        clear(calls, fresh, e);
        throw e;
      }
    } catch (IOException e) {
      throw VolumeException.of(root, e);
    } finally {
      underWay.remove(to);
    }
  }

  private void fill(Copying copying) throws IOException, InterruptedException {
    switch (method) {
      case SNAPSHOT -> {
        if (Subvolumes.is(copying.source())) {
          copying.snapshot();
        } else {
          copying.share(folder -> make(copying.calls(), folder));
        }
      }
      case REFLINK -> copying.share(folder -> make(copying.calls(), folder));
      case PLAIN -> copying.plain();
    }
  }

  private static void publish(SystemCalls calls, Path fresh, Path target) throws IOException {
    try {
      calls.rename(fresh, target);
    } catch (CallFailed e) {
      switch (e.error()) {
        case CallFailed.EXISTS -> throw new FileAlreadyExistsException(target.toString());
        case CallFailed.INVALID -> {
          // A file system that cannot rename without replacing: the next best.
          requireNothing(target);
          move(fresh, target);
        }
        default -> throw e;
      }
    }
  }

  private static void move(Path fresh, Path target) throws IOException {
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("'" + target + "' cannot be published at one stroke", e);
    }
  }

  /** Half a copy goes at once if it can; if not, with the next attempt. */
  private void clear(SystemCalls calls, Path fresh, Exception why) {
    boolean interrupted = Thread.interrupted();
    try {
      new Removal(calls, btrfs, Deadline.in(Duration.ofSeconds(10))).remove(fresh);
    } catch (IOException e) {
      why.addSuppressed(e);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void remove(Path folder, Deadline deadline) throws IOException, InterruptedException {
    Path removed = inside(folder);
    try (SystemCalls calls = new SystemCalls()) {
      if (Files.notExists(removed.getParent(), LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      requireParent(removed);
      Removal removal = new Removal(calls, btrfs, deadline);
      removal.remove(removed.resolveSibling(FRESH + removed.getFileName()));
      removal.remove(removed);
    } catch (IOException e) {
      throw VolumeException.of(root, e);
    }
  }

  @Override
  public void settle() throws IOException {
    try (SystemCalls calls = new SystemCalls()) {
      int opened = calls.openFolder(root);
      try {
        calls.sync(opened, root);
      } finally {
        calls.close(opened);
      }
    } catch (IOException e) {
      throw VolumeException.of(root, e);
    }
  }

  @Override
  public void requireLimits() throws IOException {
    if (method != Method.SNAPSHOT) {
      throw unlimited("it copies by " + method.words(), null);
    }
    try (SystemCalls calls = new SystemCalls()) {
      new Quotas(calls).enable(root);
    } catch (CallFailed e) {
      if (e.error() == CallFailed.READ_ONLY) {
        throw VolumeException.of(root, e);
      }
      throw unlimited(String.valueOf(e.getMessage()), e);
    }
  }

  private IOException unlimited(String why, @Nullable CallFailed cause) {
    return new IOException(
        "quota: volume "
            + root
            + " cannot limit what one copy writes ("
            + why
            + "): leave it out, or use btrfs on Linux 6.7 or newer",
        cause);
  }

  @Override
  public void limit(Path folder, long bytes) throws IOException {
    Path limited = inside(folder);
    requireParent(limited);
    requireFolder(limited);
    try (SystemCalls calls = new SystemCalls()) {
      new Quotas(calls).limit(limited, bytes);
    } catch (IOException e) {
      throw VolumeException.of(root, e);
    }
  }

  @Override
  public Space space() throws IOException {
    return room.now();
  }

  /** The folder as it is written below the root, if it may be used at all. */
  private Path inside(Path folder) {
    Path absolute = folder.toAbsolutePath();
    Path last = absolute.getFileName();
    boolean climbs = !absolute.equals(absolute.normalize());
    if (climbs || last == null || absolute.equals(root) || !absolute.startsWith(root)) {
      throw new IllegalArgumentException(
          "'" + Words.shown(folder) + "' does not lie within the volume " + root);
    }
    if (last.toString().startsWith(FRESH)) {
      throw new IllegalArgumentException(
          "'" + Words.shown(folder) + "': names that begin with " + FRESH + " are for half copies");
    }
    return absolute;
  }

  /** No link may lead out of the volume, or to another part of it. */
  private static void requireParent(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new NoSuchFileException(String.valueOf(parent));
    }
    if (!parent.toRealPath().equals(parent)) {
      throw new IllegalArgumentException(
          "'" + Words.shown(parent) + "' leads through a link: name the folder itself");
    }
  }

  private static void requireFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
          ? new NotDirectoryException(folder.toString())
          : new NoSuchFileException(folder.toString());
    }
  }

  private static void requireNothing(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
  }
}
