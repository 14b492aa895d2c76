package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;

/**
 * Many small layers change in one commit. Ours begins with the commit and ends when the daemon says
 * that all of it is in force, its wait of up to a second until it looks included; beside it the
 * original's serial order of the same files, programs and calls, see {@link FeedsOriginal}. The two
 * take turns, on the same servers.
 */
final class FeedsBatch implements FeedsCell {
  private static final int ROWS = 200;
  private static final String SERIAL = "the original's serial order";

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line line;

  FeedsBatch(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    this.line =
        new Line(
            "%d small layers change at once".formatted(effort.batch()),
            "ms",
            new Bar(Held.RATIO, 0.5));
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsHouse house = FeedsHouse.open();
        FeedsOriginal original = FeedsOriginal.open(house)) {
      house.publish(effort.batch(), ROWS, "first");
      String head = house.master().commit("first");
      house.start();
      house.awaitSettled(head);
      original.publish(effort.batch());
      for (int round = 1; round <= rounds; round++) {
        house.publish(effort.batch(), ROWS, "round" + round);
        if (round % 2 == 1) {
          ours(house, round);
          line.other(SERIAL, original.publish(effort.batch()));
        } else {
          line.other(SERIAL, original.publish(effort.batch()));
          ours(house, round);
        }
        original.parts().forEach(line::part);
        progress.printf(
            "%3d/%d  %d layers: %5.1f s, serial %5.1f s%n",
            round,
            rounds,
            effort.batch(),
            line.values().getLast() / 1e6,
            line.others().getOrDefault(SERIAL, List.of(0L)).getLast() / 1e6);
      }
    }
    return List.of(line);
  }

  private void ours(FeedsHouse house, int round) throws BenchProblem, IOException, SQLException {
    house.ground().settle();
    String head = house.master().commit("round " + round);
    long begun = System.nanoTime();
    house.awaitSettled(head);
    line.values().add((System.nanoTime() - begun) / 1_000);
    long rows =
        house
            .ground()
            .number(
                FeedsGround.REPLICA,
                "SELECT count(*) FROM sites.%s WHERE category = 'round%d'"
                    .formatted(FeedsHouse.layer(effort.batch()), round));
    if (rows != ROWS) {
      throw new BenchProblem("it is said to be in force, and readers see " + rows + " rows of it");
    }
  }
}
