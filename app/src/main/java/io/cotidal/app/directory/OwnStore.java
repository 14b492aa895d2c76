package io.cotidal.app.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

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
    if (!Files.exists(lock)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held == null) {
        throw taken(lock, null);
      }
    } catch (OverlappingFileLockException e) {
      throw taken(lock, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "lock file " + lock + ": " + e.getMessage() + "; give it to the user of this daemon", e);
    }
  }

  private static IllegalArgumentException taken(Path lock, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "another instance works with this store ("
            + lock
            + "), and AUTOREP_CLUSTERING_DRIVER_MODULE is standalone; name another store with"
            + " COT_STORE, or write election to take turns",
        cause);
  }
}
