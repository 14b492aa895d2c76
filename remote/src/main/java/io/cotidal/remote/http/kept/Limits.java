package io.cotidal.remote.http.kept;

import java.time.Duration;

/**
 * What connections to one server may cost.
 *
 * @param connections at most, at the same time; who comes later waits in a queue
 * @param idle a connection that was not used for longer is not used again; shorter than the
 *     server's own limit
 * @param connect a connection that takes longer is given up
 * @param stall so long nothing may move: neither a byte that is sent, nor one that is waited for
 */
public record Limits(int connections, Duration idle, Duration connect, Duration stall) {
  /** What is used if nothing is said. */
  public static final Limits USUAL =
      new Limits(64, Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(60));

  /** Checks that there is room for one. */
  public Limits {
    if (connections < 1) {
      throw new IllegalArgumentException("allow one connection at least");
    }
  }
}
