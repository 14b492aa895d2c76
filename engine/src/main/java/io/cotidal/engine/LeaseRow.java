package io.cotidal.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * One row of a store that several daemons share: who of them may act. It is changed by
 * compare-and-set only. Times are differences on the store's own clock, so nobody's clock is
 * compared with another's. Thread-safe; every call blocks no longer than the store's time limits
 * and throws a {@link RuntimeException} with one line if the store cannot be asked.
 */
public interface LeaseRow extends AutoCloseable {
  /**
   * What the row says.
   *
   * @param holder unique for ever; empty if nobody holds it
   * @param address where people find the holder
   * @param epoch rises with every holder
   * @param mark another one after each change of the row
   * @param left until it ends on the store's clock; zero or less if it has ended
   */
  record Lease(String holder, String address, long epoch, long mark, Duration left) {}

  /** Who wants it, and for how long each time. */
  record Candidate(String holder, String address, Duration life) {}

  /** What the row says now. */
  Lease read();

  /**
   * Gives the row to {@code candidate} under the next epoch, if it still is as it was seen.
   *
   * @return what it says now; empty if it has changed meanwhile
   */
  Optional<Lease> take(Lease seen, Candidate candidate);

  /**
   * Lets it last longer, if it is still the candidate's and has not ended.
   *
   * @return what it says now; empty if it is not
   */
  Optional<Lease> renew(Candidate candidate, long epoch);

  /** Gives it back, if it is still the candidate's. */
  void resign(Candidate candidate, long epoch);

  /** Asks no more. Gives nothing back. */
  @Override
  void close();
}
