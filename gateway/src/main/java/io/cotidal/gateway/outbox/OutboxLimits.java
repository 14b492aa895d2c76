package io.cotidal.gateway.outbox;

import java.time.Duration;

/**
 * How much an outbox holds.
 *
 * @param file bytes after which another file takes its place
 * @param open so many containers may be open; further ones are refused, as on a full disk
 * @param waiting so many lines may wait for the disk
 * @param bound a stamp of another gateway that is further ahead of our clock is not believed
 */
public record OutboxLimits(long file, int open, int waiting, Duration bound) {
  /** What is used if nothing is said. */
  public static final OutboxLimits USUAL =
      new OutboxLimits(8L << 20, 200_000, 20_000, Duration.ofMinutes(1));

  /** Checks that there is room for one. */
  public OutboxLimits {
    if (file < 1 || open < 1 || waiting < 1) {
      throw new IllegalArgumentException("an outbox has room for one at least");
    }
  }
}
