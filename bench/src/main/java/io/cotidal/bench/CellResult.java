package io.cotidal.bench;

import io.cotidal.app.demo.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All rounds of one cell.
 *
 * @param target milliseconds that the 95th percentile of the gap must stay under
 */
record CellResult(Cell cell, List<Measured> rounds, long target) {
  CellResult {
    rounds = List.copyOf(rounds);
  }

  /** Milliseconds without an acknowledged insert. */
  Summary gaps() {
    return Summary.of(rounds.stream().map(each -> each.gap().toMillis()).toList());
  }

  long lost() {
    return rounds.stream().mapToLong(Measured::lost).sum();
  }

  /** Acknowledged by the old primary beside the new one, after a thaw too. */
  long dual() {
    return rounds.stream().mapToLong(each -> each.dual() + each.afterThaw()).sum();
  }

  boolean met() {
    return gaps().p95() < target && lost() == 0 && dual() == 0;
  }

  /** Median milliseconds of each phase, in the order in which phases first appear. */
  Map<String, Long> phases() {
    Map<String, List<Long>> all = new LinkedHashMap<>();
    for (Measured round : rounds) {
      round
          .phases()
          .forEach(
              (phase, millis) -> all.computeIfAbsent(phase, p -> new ArrayList<>()).add(millis));
    }
    Map<String, Long> medians = new LinkedHashMap<>();
    all.forEach((phase, millis) -> medians.put(phase, Summary.of(millis).p50()));
    return medians;
  }
}
