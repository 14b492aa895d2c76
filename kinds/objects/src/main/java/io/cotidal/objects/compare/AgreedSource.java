package io.cotidal.objects.compare;

import org.jspecify.annotations.Nullable;

/** What was agreed on about a container, in the order of {@link Key}. Used by one thread. */
public interface AgreedSource extends AutoCloseable {
  /**
   * The next one.
   *
   * @return null after the last one
   * @throws Unreadable if it is there and cannot be read: then nothing can be decided, for what was
   *     not agreed on looks the same
   */
  @Nullable Agreed next() throws Unreadable;

  /** Lets go of what is held open. */
  @Override
  void close();
}
