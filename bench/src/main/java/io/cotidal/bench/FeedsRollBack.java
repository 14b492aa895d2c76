package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.model.Details;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * How long it takes until readers see the generation before: of a large table that four readers
 * read, and of a layer from asking the daemon until the operation has ended well.
 */
final class FeedsRollBack implements FeedsCell {
  private static final int ROWS = 200;
  private static final int TURNS = 4;

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line table;
  private final Line asked =
      new Line("roll-back asked of the daemon, until it ended", "ms", new Bar(Held.P95, 1_000));
  private final Line errors =
      new Line("readers' errors during roll-backs", "", new Bar(Held.ZERO, 0));

  FeedsRollBack(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    this.table =
        new Line(
            "roll-back of %d rows, 4 readers".formatted(effort.rowsOfMany()),
            "ms",
            new Bar(Held.P95, 1_000));
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    tables(rounds);
    layers(rounds);
    return List.of(table, asked, errors);
  }

  private void tables(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsGround ground = FeedsGround.withParcels(effort.rowsOfMany())) {
      Path dump = ground.dump("parcels", 1);
      for (String each : List.of("g1", "g2")) {
        ground.stage(dump, each);
        ground.swap(each);
      }
      FeedsReaders readers = FeedsReaders.start(ground, FeedsGround.REPLICA);
      try {
        for (int turn = 0; turn < rounds * TURNS; turn++) {
          String other = turn % 2 == 0 ? "g1" : "g2";
          table
              .values()
              .add(ground.micros(at -> at.rollBack(FeedsGround.PARCELS, other, ground.deadline())));
        }
      } finally {
        errors.values().add(readers.stop().errors().size() * 1_000L);
      }
    }
    progress.printf("     roll-back of a table: p50 %.0f ms%n", table.ours().p50());
  }

  private void layers(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsHouse house = FeedsHouse.open()) {
      house.publish(1, ROWS, "before");
      String head = house.master().commit("before");
      house.start();
      house.awaitSettled(head);
      for (int round = 1; round <= rounds; round++) {
        house.publish(1, ROWS, "round" + round);
        house.awaitSettled(house.master().commit("round " + round));
        asked
            .values()
            .add(house.operation("roll-back", Details.of("job", "sites." + FeedsHouse.layer(1))));
        long newest =
            house
                .ground()
                .number(
                    FeedsGround.REPLICA,
                    "SELECT count(*) FROM sites.%s WHERE category = 'round%d'"
                        .formatted(FeedsHouse.layer(1), round));
        if (newest != 0) {
          throw new BenchProblem("it was rolled back, and readers see the newest rows");
        }
      }
    }
    progress.printf("     roll-back asked of the daemon: p50 %.0f ms%n", asked.ours().p50());
  }
}
