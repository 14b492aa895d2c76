package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a pass keeps what is agreed on about one container. Used under the lock of one pass. Losing
 * the last entries is harmless, for they are found again; losing older ones is not.
 */
public interface Book extends Closeable {
  /** What was agreed on when the book was opened. */
  AgreedSource rows() throws IOException;

  /** How far the last pass has come; empty if it was finished. */
  Optional<Cursor> cursor();

  /** Sites that have been through a whole pass. */
  SiteSet joined();

  /** From now on this is agreed on. */
  void keep(Agreed row) throws IOException;

  /** From now on nothing is agreed on about it. */
  void drop(Key key) throws IOException;

  /**
   * From now on {@code after} is agreed on instead of {@code before}.
   *
   * @return whether that is another one
   */
  default boolean turn(Key key, @Nullable Agreed before, Optional<Agreed> after)
      throws IOException {
    if (after.isEmpty()) {
      if (before != null) {
        drop(key);
      }
      return before != null;
    }
    if (after.get().equals(before)) {
      return false;
    }
    keep(after.get());
    return true;
  }

  /** Hands everything to the system: from now on it survives a kill of this process. */
  void flush() throws IOException;

  /** Puts everything on the disk. */
  void force() throws IOException;

  /** Puts everything on the disk, and remembers how far the pass has come. */
  void mark(Cursor cursor) throws IOException;

  /** Puts a deletion off. */
  void defer(Deferred deletion) throws IOException;

  /** How many bytes the deletions take that are put off. */
  long deferredBytes() throws IOException;

  /** Those that were put off, in the order of names. */
  DeferredSource deferred() throws IOException;

  /**
   * Ends the pass: the next one begins at the first name.
   *
   * @param joined sites that have been through a whole pass
   */
  void finish(SiteSet joined) throws IOException;

  /** Deletions that were put off; closed by whoever asked for them. */
  interface DeferredSource extends Closeable {
    /** The next one; null after the last one. */
    @Nullable Deferred next() throws IOException;
  }
}
