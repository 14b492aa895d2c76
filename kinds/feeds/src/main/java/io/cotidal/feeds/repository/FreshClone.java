package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Call;
import io.cotidal.feeds.repository.Commands.Said;
import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Function;

/** Makes an empty clone where there is none. */
final class FreshClone {
  private FreshClone() {}

  /**
   * Makes it, if nothing lies in the folder and an address is known.
   *
   * @param init the call that makes an empty clone in a folder
   * @throws RepositoryException if there is no clone and none can be made
   */
  static void ensure(
      FeedsSpec.Repository what, Commands commands, Function<Path, Call> init, Deadline deadline)
      throws IOException, RepositoryException, InterruptedException {
    Path folder = what.folder();
    if (!absent(folder)) {
      return;
    }
    if (what.url().isEmpty()) {
      throw new RepositoryException(
          Kind.BROKEN,
          "repository %s: there is no clone, and no address to pull from; set its url"
              .formatted(folder));
    }
    // Made beside it and moved, so that a half made one is never taken for a clone.
    Path fresh = Files.createTempDirectory(Files.createDirectories(parent(folder)), Scratch.PREFIX);
    try (Said said = commands.run(init.apply(fresh), deadline)) {
      if (said.exit() != 0) {
        throw Complaint.of(folder.toString(), said.errors());
      }
      settle(fresh, folder);
    } finally {
      Scratch.remove(fresh);
    }
  }

  private static void settle(Path fresh, Path folder) throws IOException {
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (absent(folder)) {
        throw e;
      }
      // Another process was faster, and made the same.
    }
  }

  /** The folder in which {@code folder} lies. */
  static Path parent(Path folder) {
    Path parent = folder.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static boolean absent(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }
}
