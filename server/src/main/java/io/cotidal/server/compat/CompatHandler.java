package io.cotidal.server.compat;

/** Speaks an original's protocol. Thread-safe. */
@FunctionalInterface
public interface CompatHandler {
  /**
   * Answers a request of a caller who is known. What the caller's role and scope allow is this
   * handler's to keep.
   *
   * @throws InterruptedException if the daemon stops
   */
  CompatAnswer answer(CompatRequest request) throws InterruptedException;
}
