package io.cotidal.bench;

import static io.cotidal.lab.LoopVolume.Type.BTRFS;
import static io.cotidal.lab.LoopVolume.Type.XFS;

import io.cotidal.lab.LoopVolume;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How long it takes from asking for a copy to the answer of its first query, through the API, and
 * what a copy costs on the disk; beside it, other ways to the same data. Cells take turns, so that
 * a busy minute of the machine falls on all of them.
 */
final class CopiesBench {
  private static final int SMALL = 100;
  private static final int MIDDLE = 1024;
  private static final int QUICK_SMALL = 30;
  private static final int QUICK_MIDDLE = 300;
  private static final int LARGE = 5 * 1024;
  private static final double DISK_EACH = 20;
  private static final int MANY = 100;
  private static final double DISK_MANY = 5 * 1024;

  /** How much longer a copy of the largest template may take than one of the smallest. */
  private static final double GROWTH = 1.2;

  /** A load is told from a copy after a few rounds, one of a gigabyte after one. */
  private static final int RIVAL_ROUNDS = 3;

  private final Extent extent;
  private final int small;
  private final PrintStream progress;
  private final Map<CopiesCell, CopiesResult> results = new LinkedHashMap<>();
  private int number;

  /** How much is measured. */
  enum Extent {
    /** That it works: tiny templates, few at once. */
    QUICK,
    /** One copy at a time of templates of 100 MiB: minutes. */
    SMALL,
    /** Everything: templates of up to 5 GiB, up to fifty at once. */
    WHOLE
  }

  /** Measures so much. */
  CopiesBench(Extent extent, PrintStream progress) {
    this.extent = extent;
    this.progress = progress;
    this.small = extent == Extent.QUICK ? QUICK_SMALL : SMALL;
    for (LoopVolume.Type volume : List.of(BTRFS, XFS)) {
      for (Engine engine : Engine.values()) {
        for (int atOnce : atOnce(volume)) {
          add(new CopiesCell(volume, engine, small, false, atOnce));
          if (!engine.shared()) {
            add(new CopiesCell(volume, engine, small, true, atOnce));
          }
        }
      }
    }
    for (Engine engine : Engine.values()) {
      switch (extent) {
        case QUICK -> add(new CopiesCell(BTRFS, engine, QUICK_MIDDLE, false, 1));
        case SMALL -> {}
        case WHOLE -> {
          add(new CopiesCell(BTRFS, engine, MIDDLE, false, 1));
          add(new CopiesCell(BTRFS, engine, LARGE, false, 1));
        }
      }
    }
  }

  private List<Integer> atOnce(LoopVolume.Type volume) {
    return switch (extent) {
      case QUICK -> volume == BTRFS ? List.of(1, 5) : List.of(1);
      case SMALL -> List.of(1);
      case WHOLE -> List.of(1, 10, 50);
    };
  }

  private void add(CopiesCell cell) {
    results.put(cell, new CopiesResult(cell));
  }

  /** Measures every cell {@code count} times. */
  CopiesReport run(int count) throws BenchProblem, IOException {
    List<CopiesReport.Bound> bounds = new ArrayList<>();
    int spares = results.keySet().stream().mapToInt(CopiesCell::atOnce).max().orElse(1);
    progress.println("loading the templates ...");
    Map<String, String> skipped;
    try (CopiesHouse house = CopiesHouse.open(results.keySet(), spares);
        Rivals rivals = new Rivals(house)) {
      skipped = new TreeMap<>(rivals.skipped());
      if (extent == Extent.WHOLE) {
        skipped.put(
            "other ways to " + LARGE + " MiB",
            "a load takes a quarter of an hour and more, and its data more room than a volume has");
      }
      warmUp(house);
      // Gigabytes that the host still writes for the loads may hold up commits of the journal.
      Command.run(List.of("/usr/bin/sync"));
      for (int round = 1; round <= count; round++) {
        for (CopiesResult result : results.values()) {
          measure(house, result, spares);
          if (round <= rivalRounds(result.cell())) {
            compare(rivals, result);
          }
          progress.println(line(round, count, result));
        }
      }
      if (extent == Extent.WHOLE) {
        bounds.add(many(house));
      }
    }
    bounds.addAll(disk());
    bounds.addAll(growth());
    return new CopiesReport(List.copyOf(results.values()), bounds, skipped);
  }

  private static int rivalRounds(CopiesCell cell) {
    return cell.megabytes() >= LARGE ? 0 : cell.megabytes() > SMALL ? 1 : RIVAL_ROUNDS;
  }

  /** A client's first use of a driver, and a daemon's of its own, is not what is measured. */
  private void warmUp(CopiesHouse house) throws BenchProblem {
    for (CopiesCell cell : results.keySet()) {
      if (cell.atOnce() == 1 && !cell.warm()) {
        List<String> names = names(1);
        int _ = house.copier().make(cell.template(), names).size();
        house.copier().remove(cell.template(), names);
      }
    }
  }

  private void measure(CopiesHouse house, CopiesResult result, int spares)
      throws BenchProblem, IOException {
    CopiesCell cell = result.cell();
    Copier copier = house.copier();
    if (cell.warm()) {
      copier.awaitItems(cell.template(), "spare", "ready", spares);
    }
    List<String> names = names(cell.atOnce());
    long before = house.used(cell.volume());
    result.rounds().add(copier.make(cell.template(), names));
    if (cell.warm()) {
      copier.awaitItems(cell.template(), "spare", "ready", spares);
    }
    // The pool that is filled again is the next copies' disk.
    result.disk().add(cell.warm() ? 0 : house.used(cell.volume()) - before);
    copier.remove(cell.template(), names);
  }

  private static void compare(Rivals rivals, CopiesResult result) throws BenchProblem, IOException {
    CopiesCell cell = result.cell();
    // Those of PostgreSQL 15 are the other ways to a clone's data too.
    boolean own = !cell.engine().shared();
    if (own && cell.volume() == BTRFS && !cell.warm() && cell.atOnce() == 1) {
      rivals
          .measure(cell)
          .forEach((name, millis) ->
              result.others().computeIfAbsent(name, _ -> new ArrayList<>()).add(millis));
    }
  }

  private CopiesReport.Bound many(CopiesHouse house) throws BenchProblem, IOException {
    CopiesCell cell = new CopiesCell(BTRFS, Engine.MARIADB, MIDDLE, false, 10);
    long before = house.used(BTRFS);
    List<String> all = new ArrayList<>();
    while (all.size() < MANY) {
      List<String> names = names(cell.atOnce());
      int _ = house.copier().make(cell.template(), names).size();
      all.addAll(names);
    }
    double used = (double) (house.used(BTRFS) - before) / (1 << 20);
    house.copier().remove(cell.template(), all);
    return new CopiesReport.Bound(
        MANY + " copies of " + cell.template() + " together", "MiB", used, DISK_MANY);
  }

  private List<CopiesReport.Bound> disk() {
    return results.values().stream()
        .filter(result -> result.cell().atOnce() > 1 && !result.cell().warm())
        .map(result ->
            new CopiesReport.Bound(
                "disk a copy, " + result.cell().title(), "MiB", result.megabytes(), DISK_EACH))
        .toList();
  }

  /** How a larger template's copies compare with the smallest one's. */
  private List<CopiesReport.Bound> growth() {
    List<CopiesReport.Bound> bounds = new ArrayList<>();
    for (CopiesResult result : results.values()) {
      CopiesCell cell = result.cell();
      if (cell.megabytes() > small) {
        CopiesCell smallest = new CopiesCell(cell.volume(), cell.engine(), small, false, 1);
        CopiesResult least = results.getOrDefault(smallest, result);
        bounds.add(
            new CopiesReport.Bound(
                cell.title() + " beside " + CopiesCell.size(small),
                "times",
                (double) result.all().p50() / least.all().p50(),
                GROWTH));
      }
    }
    return bounds;
  }

  private List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(_ -> "m" + ++number).toList();
  }

  private static String line(int round, int count, CopiesResult result) {
    Summary last = Summary.of(result.rounds().getLast().stream().map(Copier.Made::millis).toList());
    // One copy is less than what else happens on the volume.
    String disk =
        result.cell().atOnce() == 1
            ? ""
            : "%.1f MiB each"
                .formatted((double) result.disk().getLast() / result.cell().atOnce() / (1 << 20));
    return "%3d/%d  %-40s first %d, p50 %d, max %d ms, %s  %s"
        .formatted(
            round,
            count,
            result.cell().title(),
            result.rounds().getLast().stream().mapToLong(Copier.Made::millis).min().orElse(0),
            last.p50(),
            last.max(),
            disk,
            result.phases());
  }
}
