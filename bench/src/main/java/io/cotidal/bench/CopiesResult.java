package io.cotidal.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All rounds of one cell.
 *
 * @param rounds the copies of each round
 * @param disk bytes that each round's copies took together
 * @param others milliseconds of the other ways to the same data
 */
record CopiesResult(
    CopiesCell cell,
    List<List<Copier.Made>> rounds,
    List<Long> disk,
    Map<String, List<Long>> others) {
  CopiesResult(CopiesCell cell) {
    this(cell, new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
  }

  /** Every copy of every round. */
  Summary all() {
    return Summary.of(rounds.stream().flatMap(List::stream).map(Copier.Made::millis).toList());
  }

  /** The quickest of each round. */
  Summary firsts() {
    return Summary.of(
        rounds.stream()
            .map(round -> round.stream().mapToLong(Copier.Made::millis).min().orElse(0))
            .toList());
  }

  boolean met() {
    return cell.target() == 0 || all().p50() <= cell.target();
  }

  /** Mebibytes of disk a copy, the median of all rounds. */
  double megabytes() {
    return (double) Summary.of(disk).p50() / cell.atOnce() / (1 << 20);
  }

  Map<String, Summary> rivals() {
    Map<String, Summary> summaries = new LinkedHashMap<>();
    others.forEach((name, millis) -> summaries.put(name, Summary.of(millis)));
    return summaries;
  }

  /** Median milliseconds of each phase. */
  Map<String, Long> phases() {
    Map<String, List<Long>> all = new TreeMap<>();
    rounds.stream()
        .flatMap(List::stream)
        .forEach(made ->
            made.phases()
                .forEach((phase, millis) ->
                    all.computeIfAbsent(phase, _ -> new ArrayList<>()).add(millis)));
    Map<String, Long> medians = new LinkedHashMap<>();
    all.forEach((phase, millis) -> medians.put(phase, Summary.of(millis).p50()));
    return medians;
  }
}
