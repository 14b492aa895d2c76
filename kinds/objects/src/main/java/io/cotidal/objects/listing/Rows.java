package io.cotidal.objects.listing;

import io.cotidal.objects.names.ObjectRow;
import java.util.Optional;

/**
 * Rows of one container, each once, in Swift's order: by name, and the versions of a name newest
 * first. One thread at a time.
 */
public interface Rows extends AutoCloseable {
  /**
   * The next row; empty at the end, and from then on.
   *
   * @throws ListingTrouble if the rest cannot be read; then there is nothing to be concluded from
   *     the absence of a name
   */
  Optional<ObjectRow> next() throws ListingTrouble;

  /** Gives up what is not read. */
  @Override
  void close();
}
