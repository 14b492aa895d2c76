package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.engine.Driver;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftRows;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.plan.Acts;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Instant;
import java.util.List;

/**
 * A container with very many rows at two sites that have the same: compared for the first time,
 * when nothing is agreed on yet, and again; and a proof of one that is smaller. This process does
 * it, with the daemon's heap.
 */
final class ObjectsScan implements ObjectsCell {
  private static final int SLICE = 50_000;
  private static final Instant WRITTEN = Instant.parse("2026-01-02T03:04:05Z");

  private final PrintStream progress;
  private final String act;
  private final int rows;
  private final int most;
  private final Line first;
  private final Line again;
  private final Line heap;

  private ObjectsScan(PrintStream progress, String act, int rows, int most, int seconds) {
    this.progress = progress;
    this.act = act;
    this.rows = rows;
    this.most = most;
    String what = "%,d rows at each of two sites, %s".formatted(rows, act);
    this.first = new Line(what, "s", new Bar(Held.MEDIAN, seconds));
    this.again = new Line(what + ", once more", "s", Bar.NONE);
    this.heap = new Line("heap meanwhile, at most", "MB", new Bar(Held.MEDIAN, 256));
  }

  /** A comparison that finds everything equal and writes down what is agreed on. */
  static ObjectsScan comparison(ObjectsBench.Effort effort, PrintStream progress) {
    return new ObjectsScan(progress, Acts.CONVERGE, effort.rows(), effort.moves(), 300);
  }

  /** A signed report. */
  static ObjectsScan proof(ObjectsBench.Effort effort, PrintStream progress) {
    return new ObjectsScan(progress, Acts.PROVE, effort.proved(), Integer.MAX_VALUE, 60);
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException {
    try (ObjectsHouse house = ObjectsHouse.open(2)) {
      fill(house);
      for (int round = 1; round <= Math.min(rounds, most); round++) {
        try (Driver<ObjectsFacts> driver = house.driver(act + round)) {
          forgetPeak();
          first.values().add(house.act(driver, act, "many") / 1_000);
          again.values().add(house.act(driver, act, "many") / 1_000);
          heap.values().add(peak() / 1_000);
        }
        progress.printf(
            "%3d  %s %.1f s, once more %.1f s, heap %.0f MB%n",
            round,
            act,
            first.values().getLast() / 1e3,
            again.values().getLast() / 1e3,
            heap.values().getLast() / 1e3);
      }
    }
    return List.of(first, again, heap);
  }

  private void fill(ObjectsHouse house) throws BenchProblem {
    long begun = System.nanoTime();
    ObjectsCrew.each(
        house.sites().size(),
        house.sites().size(),
        number -> {
          RawAnswer made =
              house
                  .user(number)
                  .put("/many", RawHeader.of("X-Container-Sync-Key", "key-of-the-bench"));
          if (made.status() != 201) {
            throw new BenchProblem("no container: " + made);
          }
          for (int from = 0; from < rows; from += SLICE) {
            int count = Math.min(SLICE, rows - from);
            long _ =
                house
                    .sites()
                    .get(number)
                    .fill(
                        new SwiftRows(ObjectsHouse.ACCOUNT, "many", "row-", from, count, WRITTEN));
          }
        });
    progress.printf("     %,d rows are there, after %d s%n", rows, seconds(begun));
  }

  private static long seconds(long begun) {
    return (System.nanoTime() - begun) / 1_000_000_000;
  }

  private static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static void forgetPeak() {
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** Bytes; pools have their peaks at different moments, so that it is no less than the truth. */
  private static long peak() {
    return pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }
}
