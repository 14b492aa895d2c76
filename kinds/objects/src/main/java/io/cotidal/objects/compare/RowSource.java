package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;
import org.jspecify.annotations.Nullable;

/**
 * The listing of a container at one site, row by row: by name in Swift's order, and with versions
 * the oldest version of a name first ({@link VersionOrder} turns them round). Used by one thread.
 */
public interface RowSource extends AutoCloseable {
  /**
   * The next row.
   *
   * @return null after the last one: what has not come by then is not there
   * @throws Unreadable if the site does not tell: what would have followed is unknown, and nothing
   *     more is asked
   */
  @Nullable ObjectRow next() throws Unreadable, InterruptedException;

  /** Lets go of what is held open. */
  @Override
  void close();
}
