package io.cotidal.app.demo;

import io.cotidal.model.Operation;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Reads from an operation's journal where the time went. Pure. */
final class Phases {
  private static final List<String> ACTS =
      List.of(
          "checkpoint",
          "await-flush",
          "stop",
          "cut-off",
          "fence",
          "promote",
          "follow",
          "set-quorum");

  private Phases() {}

  /**
   * Milliseconds by phase, in the order of the acts; acts of one kind that ran side by side count
   * once.
   *
   * @param struckMicros wall time of the strike
   * @param firstWriteMicros wall time of the winner's first acknowledgement
   */
  static Map<String, Long> of(Operation operation, long struckMicros, long firstWriteMicros) {
    Map<String, Long> phases = new LinkedHashMap<>();
    phases.put("detect", millis(operation.createdMicros() - struckMicros));
    long promoted = 0;
    for (String act : ACTS) {
      List<StepRecord> rows =
          operation.steps().stream()
              .filter(row -> row.step().act().equals(act) && row.state() == StepState.DONE)
              .toList();
      if (!rows.isEmpty()) {
        long begin = rows.stream().mapToLong(StepRecord::startedMicros).min().orElseThrow();
        long end = max(rows, StepRecord::endedMicros);
        phases.put(act.replace('-', ' '), millis(end - begin));
        promoted = act.equals("promote") ? end : promoted;
      }
    }
    if (promoted > 0) {
      phases.put("first write", millis(firstWriteMicros - promoted));
    }
    return phases;
  }

  private static long max(List<StepRecord> rows, ToLongFunction<StepRecord> time) {
    return rows.stream().mapToLong(time).max().orElseThrow();
  }

  private static long millis(long micros) {
    return Math.round(micros / 1000.0);
  }
}
