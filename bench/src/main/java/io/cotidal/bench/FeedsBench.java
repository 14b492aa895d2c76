package io.cotidal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What publishing datasets to a replica costs: large tables, row deltas, readers, passes without
 * work, many layers at once, roll-backs, memory; beside it what the original does, in turns on the
 * same servers.
 */
final class FeedsBench {
  static final String NAME = "feeds";

  private final Map<String, FeedsCell> cells = new LinkedHashMap<>();
  private final PrintStream progress;

  /**
   * How much is done.
   *
   * @param rows of the table that is published, and changed by deltas
   * @param rowsOfMany of the table that is published twenty times in a row, and rolled back
   * @param idle how long readers are left alone
   * @param layers that have nothing to do
   * @param batch layers that change at once
   * @param streamed megabytes of a dump whose stream's memory is looked at
   * @param streams how often at most
   */
  record Effort(
      long rows,
      long rowsOfMany,
      Duration idle,
      int layers,
      int batch,
      long streamed,
      int streams) {
    static final Effort WHOLE =
        new Effort(1_000_000, 100_000, Duration.ofSeconds(10), 1_000, 50, 2_000, 3);
    static final Effort QUICK = new Effort(100_000, 20_000, Duration.ofSeconds(3), 60, 10, 200, 1);
  }

  FeedsBench(Effort effort, PrintStream progress) {
    this.progress = progress;
    cells.put("publish", new FeedsPublish(effort, progress));
    cells.put("delta", new FeedsDelta(effort, progress));
    cells.put("readers", new FeedsReading(effort, progress));
    cells.put("pass", new FeedsPass(effort, progress));
    cells.put("batch", new FeedsBatch(effort, progress));
    cells.put("rollback", new FeedsRollBack(effort, progress));
    cells.put("memory", new FeedsStream(effort, progress));
  }

  /** Names of what can be measured alone. */
  static Set<String> cells() {
    return new FeedsBench(Effort.QUICK, System.err).cells.keySet();
  }

  /**
   * Measures so many rounds.
   *
   * @param cell the only one that is measured; all if empty
   */
  LinesReport run(String cell, int rounds) throws BenchProblem, IOException, SQLException {
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, FeedsCell> each : cells.entrySet()) {
      if (cell.isEmpty() || cell.equals(each.getKey())) {
        progress.println(each.getKey());
        lines.addAll(each.getValue().run(rounds));
      }
    }
    return new LinesReport(NAME, lines);
  }
}
