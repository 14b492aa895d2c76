package io.cotidal.bench.rivals;

import io.cotidal.bench.Summary;
import java.util.List;

/**
 * How one fared in one cell. Pure.
 *
 * @param rounds at least one, all of that entry and cell
 */
record Standing(Entry entry, List<Round> rounds) {
  /** What a prober with ten milliseconds between two rows cannot tell apart. */
  private static final long NOISE = 100;

  Standing {
    rounds = List.copyOf(rounds);
  }

  /** Milliseconds without an acknowledgement. */
  Summary gaps() {
    return Summary.of(rounds.stream().map(Round::gap).toList());
  }

  long lost() {
    return rounds.stream().mapToLong(Round::lost).sum();
  }

  long dual() {
    return rounds.stream().mapToLong(Round::dual).sum();
  }

  long moves() {
    return rounds.stream().filter(Round::moved).count();
  }

  /** Rounds after which the cluster was never whole again by itself. */
  long broken() {
    return rounds.stream().filter(round -> round.whole() < 0).count();
  }

  /** In every round nothing was lost, and never two acknowledged. */
  boolean safe() {
    return rounds.stream().allMatch(Round::safe);
  }

  /** Whether clients wait less than with {@code other}, or neither makes them wait at all. */
  boolean ahead(Standing other) {
    return gaps().p95() < other.gaps().p95() || gaps().p95() <= NOISE;
  }
}
