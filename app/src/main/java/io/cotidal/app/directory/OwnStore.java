package io.cotidal.app.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The original's module {@code standalone}: an instance consults no other one, so it must have its
 * store to itself.
 */
public final class OwnStore {
  private OwnStore() {}

  /**
   * Makes sure that nobody leads with this lock. Called before the daemon takes part in its
   * election: the lock would go with the handle that is closed here.
   *
   * @throws IllegalArgumentException if somebody does
   */
  public static void check(Path lock) {
    holder(lock)
        .ifPresent(reason -> {
          throw new IllegalArgumentException(
              reason
                  + ", and AUTOREP_CLUSTERING_DRIVER_MODULE is standalone; name another store with"
                  + " COT_STORE, or write election to take turns");
        });
  }

  /** Why nobody else may work with the store of this lock now; empty if somebody may. */
  public static Optional<String> holder(Path lock) {
    if (!Files.exists(lock)) {
      return Optional.empty();
    }
    String taken = "another instance works with this store (" + lock + ")";
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      return held == null ? Optional.of(taken) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.of(taken);
    } catch (IOException e) {
      return Optional.of(
          "lock file " + lock + ": " + e.getMessage() + "; give it to the user of this daemon");
    }
  }
}
