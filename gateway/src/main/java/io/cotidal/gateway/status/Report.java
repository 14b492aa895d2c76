package io.cotidal.gateway.status;

import io.cotidal.gateway.relay.Relay.Waiting;
import io.cotidal.gateway.wire.Counters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a gateway fares at a moment.
 *
 * @param at that moment
 * @param waiting what has to come to other sites
 * @param conflicts changes that were overruled since it started, each written down
 * @param placing which container lies where
 */
public record Report(
    Instant at, Counters counters, List<Waiting> waiting, long conflicts, Placing placing) {
  /** Copies the list. */
  public Report {
    waiting = List.copyOf(waiting);
  }

  /**
   * The placing that holds.
   *
   * @param refused whether another one is there that is not taken
   */
  public record Placing(long generation, boolean refused) {}

  /** How long the oldest has waited; nothing if none waits. */
  Duration oldest() {
    return waiting.stream()
        .map(each -> Duration.between(each.open().since().instant(), at))
        // Stamps may be ahead of the clock of this machine.
        .filter(age -> !age.isNegative())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
