package io.cotidal.bench;

import io.cotidal.app.demo.DemoProblem;
import io.cotidal.app.demo.Episode;
import io.cotidal.app.demo.Measured;
import io.cotidal.app.demo.Rig;
import io.cotidal.app.demo.Site;
import io.cotidal.app.demo.Stop;
import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.Prober;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How long clients cannot write when the primary dies, freezes or is moved; under quorum commit.
 * Cells take turns, so that a busy minute of the machine falls on all of them.
 */
final class FailoverBench {
  static final String NAME = "failover";

  /** What is added to the name of what is measured with members over SSH. */
  static final String SSH = "-ssh";

  /** Milliseconds that a move may take longer over SSH. */
  private static final long FAR = 200;

  private final Site place;
  private final PrintStream progress;
  private final boolean far;
  private final Map<Cell, List<Measured>> rounds = new EnumMap<>(Cell.class);
  private final List<Acknowledgement> acknowledged = new ArrayList<>();

  /**
   * One of its own.
   *
   * @param far whether the members are reached over SSH
   */
  FailoverBench(Site place, PrintStream progress, boolean far) {
    this.far = far;
    this.place = place;
    this.progress = progress;
    for (Cell cell : Cell.values()) {
      rounds.put(cell, new ArrayList<>());
    }
  }

  /** Measures every cell {@code count} times. */
  Report run(int count, Stop stop) throws DemoProblem, IOException, SQLException {
    try (Rig rig = Rig.start(place, "process", stop, far)) {
      try {
        measure(rig, count);
      } catch (DemoProblem | IOException | SQLException e) {
        rig.shown().story().forEach(progress::println);
        throw e;
      }
    }
    List<CellResult> results = new ArrayList<>();
    long allowance = far ? FAR : 0;
    rounds.forEach(
        (cell, measured) -> results.add(new CellResult(cell, measured, cell.target() + allowance)));
    return new Report(far ? NAME + SSH : NAME, results);
  }

  private void measure(Rig rig, int count) throws DemoProblem, IOException, SQLException {
    rig.create();
    long nextId = 1;
    for (int round = 1; round <= count; round++) {
      for (Cell cell : Cell.values()) {
        nextId = strike(rig, cell, nextId);
        progress.println(line(round, count, cell));
      }
    }
    checkAll(rig);
  }

  private long strike(Rig rig, Cell cell, long firstId)
      throws DemoProblem, IOException, SQLException {
    rig.fenceBy(cell.fence());
    if (cell.proxied()) {
      ProxiedSwitchover switchover = new ProxiedSwitchover(rig, progress);
      measured(cell).add(switchover.run(cell.strike(), firstId));
      return switchover.nextId();
    }
    rig.throughNothing();
    rig.patience().awaitWhole(Duration.ofMinutes(1));
    DemoCluster cluster = rig.cluster();
    try (Prober prober = Prober.start(cluster.members(), cluster.login(), firstId)) {
      measured(cell).add(new Episode(rig, prober).run(cell.strike(), cell.thaw()));
      acknowledged.addAll(prober.acknowledgements().inOrder());
      return prober.mark() + 1_000_000;
    }
  }

  /** What was there after its own round must be there after all that came later, too. */
  private void checkAll(Rig rig) throws DemoProblem, SQLException {
    String primary =
        rig.shown().primary().orElseThrow(() -> new DemoProblem("there is no primary at the end"));
    DemoCluster cluster = rig.cluster();
    long lost =
        new Acknowledgements(acknowledged)
            .lost(Prober.present(cluster.member(primary), cluster.login(), 0));
    if (lost > 0) {
      throw new DemoProblem(
          lost + " rows that were acknowledged in some round are absent at the end");
    }
    progress.printf(
        "%s has all %,d rows that were acknowledged in any round.%n", primary, acknowledged.size());
  }

  private List<Measured> measured(Cell cell) {
    return rounds.computeIfAbsent(cell, key -> new ArrayList<>());
  }

  private String line(int round, int count, Cell cell) {
    Measured last = measured(cell).getLast();
    return "%3d/%d  %-34s %5d ms  %s to %s, lost %d, dual %d, whole after %.1f s  %s"
        .formatted(
            round,
            count,
            cell.title(),
            last.gap().toMillis(),
            last.loser(),
            last.winner(),
            last.lost(),
            last.dual() + last.afterThaw(),
            last.whole().toMillis() / 1000.0,
            last.phases());
  }
}
