package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * A whole table is published while four readers read it, beside {@code pg_restore} of the same dump
 * under as many readers. Ours ends when readers see the new rows, analysed; the other way's ends
 * when the program does, before anybody sees anything.
 */
final class FeedsPublish implements FeedsCell {
  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line line;
  private final Line errors =
      new Line("readers' errors during our publication", "", new Bar(Held.ZERO, 0));

  FeedsPublish(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    this.line =
        new Line(
            "publish %d rows, 4 readers".formatted(effort.rows()), "ms", new Bar(Held.RATIO, 1.0));
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsGround ground = FeedsGround.withParcels(effort.rows())) {
      Path dump = ground.dump("parcels", 1);
      begin(ground, dump);
      for (int round = 1; round <= rounds; round++) {
        if (round % 2 == 1) {
          ours(ground, dump, round);
          theirs(ground, dump);
        } else {
          theirs(ground, dump);
          ours(ground, dump, round);
        }
        progress.printf(
            "%3d/%d  publish %6.1f s, pg_restore %6.1f s%n",
            round,
            rounds,
            line.values().getLast() / 1e6,
            line.others().getOrDefault("pg_restore", List.of(0L)).getLast() / 1e6);
      }
    }
    return List.of(line, errors);
  }

  /** Readers need something to read. */
  private static void begin(FeedsGround ground, Path dump)
      throws BenchProblem, IOException, SQLException {
    ground.stage(dump, "g0");
    ground.swap("g0");
    ground.restore(dump);
    ground.execute(
        FeedsGround.RIVAL,
        "ANALYZE sites_data.parcels; CREATE VIEW sites.parcels AS SELECT * FROM sites_data.parcels");
  }

  private void ours(FeedsGround ground, Path dump, int round) throws BenchProblem, SQLException {
    ground.settle();
    FeedsReaders readers = FeedsReaders.start(ground, FeedsGround.REPLICA);
    String generation = "g" + round;
    long staged;
    long swapped;
    try {
      staged = ground.stage(dump, generation);
      swapped = ground.swap(generation);
    } finally {
      errors.values().add(readers.stop().errors().size() * 1_000L);
    }
    line.values().add(staged + swapped);
    line.part("1 stage", staged);
    line.part("2 swap", swapped);
    line.part("afterwards: drop the old", ground.trim(0));
  }

  private void theirs(FeedsGround ground, Path dump)
      throws BenchProblem, IOException, SQLException {
    ground.execute(FeedsGround.RIVAL, "ALTER TABLE sites_data.parcels SET SCHEMA sites_outdated");
    ground.settle();
    FeedsReaders readers = FeedsReaders.start(ground, FeedsGround.RIVAL);
    try {
      long begun = System.nanoTime();
      ground.restore(dump);
      line.other("pg_restore", (System.nanoTime() - begun) / 1_000);
      ground.execute(FeedsGround.RIVAL, "ANALYZE sites_data.parcels");
      line.other("pg_restore and ANALYZE", (System.nanoTime() - begun) / 1_000);
    } finally {
      readers.stop();
    }
    ground.execute(
        FeedsGround.RIVAL,
        """
        DROP VIEW sites.parcels;
        CREATE VIEW sites.parcels AS SELECT * FROM sites_data.parcels;
        DROP TABLE sites_outdated.parcels;
        """);
  }
}
