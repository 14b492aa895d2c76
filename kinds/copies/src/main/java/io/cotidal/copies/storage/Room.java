package io.cotidal.copies.storage;

import io.cotidal.copies.storage.Volume.Space;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much room a volume has. A volume in a file with holes grows on the file system that carries
 * the file: what it seems to have free may be gone there.
 */
record Room(Path root) {
  /** A volume in a file of a volume in a file: more is a mistake, and an endless loop a danger. */
  private static final int LEVELS = 4;

  /** As it is now. */
  Space now() throws IOException {
    FileStore store = Files.getFileStore(root);
    return new Space(free(root, LEVELS), store.getTotalSpace());
  }

  private static long free(Path place, int levels) throws IOException {
    long free = Files.getFileStore(place).getUsableSpace();
    Optional<Mounts.Mount> mount = Mounts.now().of(place.toRealPath());
    Optional<Path> carrier = mount.isEmpty() ? Optional.empty() : mount.get().carrier();
    if (levels == 0 || carrier.isEmpty() || !Files.exists(carrier.get())) {
      return free;
    }
    long below = free(carrier.get(), levels - 1);
    return below >= holes(carrier.get()) ? free : Math.min(free, below);
  }

  /** How much a file can still grow without becoming longer. */
  private static long holes(Path file) throws IOException {
    try (SystemCalls calls = new SystemCalls()) {
      return Math.max(0, Files.size(file) - calls.taken(file));
    }
  }
}
