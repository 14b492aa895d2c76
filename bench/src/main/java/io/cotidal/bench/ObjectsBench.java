package io.cotidal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What keeping object containers equal costs: a gateway beside nginx and HAProxy, the mover beside
 * Swift's own and rclone, comparisons and proofs of large containers, and how soon sites are equal
 * again.
 */
final class ObjectsBench {
  static final String NAME = "objects";

  private final Map<String, ObjectsCell> cells = new LinkedHashMap<>();
  private final PrintStream progress;

  /**
   * How much is done.
   *
   * @param warmUp of the gateway, before small requests are counted
   * @param window for which they are counted, each time
   * @param requests small ones before large bodies are measured
   * @param large bytes of a large body
   * @param times that it goes through one after another
   * @param objects that are moved
   * @param moves rounds at most of what takes minutes
   * @param rows of the container that is compared, at each site
   * @param proved rows of the container that is proved
   * @param outage for how long the other site is away
   * @param puts containers that are made, in each round and way
   */
  record Effort(
      Duration warmUp,
      Duration window,
      int requests,
      long large,
      int times,
      int objects,
      int moves,
      int rows,
      int proved,
      Duration outage,
      int puts) {
    static final Effort WHOLE =
        new Effort(
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            30_000,
            100L << 20,
            10,
            300,
            3,
            1_000_000,
            200_000,
            Duration.ofSeconds(60),
            20);
    static final Effort QUICK =
        new Effort(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            1_000,
            10L << 20,
            4,
            20,
            1,
            50_000,
            10_000,
            Duration.ofSeconds(4),
            3);
  }

  ObjectsBench(Effort effort, PrintStream progress) {
    this.progress = progress;
    cells.put("small", new ObjectsSmall(effort, progress));
    cells.put("large", new ObjectsLarge(effort, progress));
    cells.put("mover", new ObjectsMover(effort, progress));
    cells.put("scan", ObjectsScan.comparison(effort, progress));
    cells.put("proof", ObjectsScan.proof(effort, progress));
    cells.put("outage", new ObjectsOutage(effort, progress));
    cells.put("promise", new ObjectsPromise(effort, progress));
  }

  /** Names of what can be measured alone. */
  static Set<String> cells() {
    return new ObjectsBench(Effort.QUICK, System.err).cells.keySet();
  }

  /**
   * Measures so many rounds.
   *
   * @param cell the only one that is measured; all if empty
   */
  LinesReport run(String cell, int rounds) throws BenchProblem, IOException {
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, ObjectsCell> each : cells.entrySet()) {
      if (cell.isEmpty() || cell.equals(each.getKey())) {
        progress.println(each.getKey());
        lines.addAll(each.getValue().run(rounds));
      }
    }
    return new LinesReport(NAME, lines);
  }
}
