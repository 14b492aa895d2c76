package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * What four readers without a pause feel of twenty publications in a row, beside what they feel of
 * each other when nothing is published. Nothing may go wrong.
 */
final class FeedsReading implements FeedsCell {
  private static final int PUBLICATIONS = 20;

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line waits =
      new Line("readers' p99 during 20 publications", "ms", new Bar(Held.RATIO, 3));
  private final Line errors =
      new Line("readers' errors during 20 publications", "", new Bar(Held.ZERO, 0));

  FeedsReading(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsGround ground = FeedsGround.withParcels(effort.rowsOfMany())) {
      Path dump = ground.dump("parcels", 1);
      ground.stage(dump, "g0");
      ground.swap("g0");
      int generation = 1;
      for (int round = 1; round <= rounds; round++) {
        ground.settle();
        FeedsReaders idle = FeedsReaders.start(ground, FeedsGround.REPLICA);
        Until.pass(effort.idle());
        waits.other("nothing published", idle.stop().p99());
        generation = publications(ground, dump, generation);
        progress.printf(
            "%3d/%d  readers' p99 %.1f ms, longest %.0f ms, idle %.1f ms, errors %d%n",
            round,
            rounds,
            waits.values().getLast() / 1e3,
            waits.parts().getOrDefault("longest", List.of(0L)).getLast() / 1e3,
            waits.others().getOrDefault("nothing published", List.of(0L)).getLast() / 1e3,
            errors.values().getLast() / 1_000);
      }
    }
    return List.of(waits, errors);
  }

  private int publications(FeedsGround ground, Path dump, int from) throws BenchProblem {
    FeedsReaders readers = FeedsReaders.start(ground, FeedsGround.REPLICA);
    FeedsReaders.Seen seen;
    try {
      for (int i = from; i < from + PUBLICATIONS; i++) {
        ground.stage(dump, "g" + i);
        ground.swap("g" + i);
        ground.trim(1);
      }
    } finally {
      seen = readers.stop();
    }
    waits.values().add(seen.p99());
    waits.part("longest", seen.micros().getLast());
    errors.values().add(seen.errors().size() * 1_000L);
    seen.errors().stream().limit(3).forEach(progress::println);
    return from + PUBLICATIONS;
  }
}
