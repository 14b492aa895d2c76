package io.cotidal.runtime;

import io.cotidal.model.Moment;

/** Time, and what is to happen at a time. Thread-safe. */
public interface Clock {

  /** Both clocks of this process, now. */
  Moment now();

  /**
   * Runs {@code task} once, at monotonic {@code nanos} or soon after; at once if that has passed.
   * The task runs on the clock's thread and must neither block nor throw.
   */
  Alarm at(long nanos, Runnable task);

  /** Something that is to happen. */
  interface Alarm {

    /** Lets it not happen, unless it has or is happening now. */
    void cancel();
  }
}
