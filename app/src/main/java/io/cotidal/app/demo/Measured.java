package io.cotidal.app.demo;

import io.cotidal.model.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a strike cost, as the prober saw it.
 *
 * @param loser who was primary before
 * @param winner who is primary after
 * @param gap the longest time in which no member acknowledged an insert
 * @param lost acknowledged rows that the winner does not have
 * @param dual inserts that the loser acknowledged after the winner's first
 * @param afterThaw inserts that the loser acknowledged in the seconds after it was thawed; 0 if it
 *     was not
 * @param whole from the strike until all three members were in their places again
 * @param phases where the time to the first write went, in order; milliseconds
 * @param operation that answered the strike
 */
public record Measured(
    Strike strike,
    String loser,
    String winner,
    Duration gap,
    long lost,
    long dual,
    long afterThaw,
    Duration whole,
    Map<String, Long> phases,
    Optional<Operation> operation) {
  /** The same with another count of lost rows. */
  Measured withLost(long rows) {
    return new Measured(
        strike, loser, winner, gap, rows, dual, afterThaw, whole, phases, operation);
  }
}
