package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.lab.DirectoryServer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long it takes until a directory of fresh servers is a full mesh of which it is proven that it
 * converges, and what its life costs afterwards; beside it the vendor's way. The two take turns, so
 * that a busy minute of the machine falls on both.
 */
final class DirectoryBench {
  static final String NAME = "directory";

  /** The other way's time stops when its last command has ended. */
  static final String MADE = "dsconf, agreements exist";

  /** It stops when a write on each server is seen on every server. */
  static final String SEEN = "dsconf, seen everywhere";

  /** A mesh that {@code dsconf} made. */
  private static final String ITS_MESH = "mesh of dsconf";

  private static final List<Integer> SIZES = List.of(3, 5, 8);
  private static final int SMALLEST = 3;

  /** Writes are measured in meshes of at most so many. */
  private static final int MOST_WRITERS = 5;

  private static final Map<Integer, Bar> MESHES =
      Map.of(3, new Bar(Held.RATIO, 0.6), 8, new Bar(Held.RATIO, 0.3));

  private final Effort effort;
  private final PrintStream progress;
  private final Map<String, Line> results = new LinkedHashMap<>();

  /**
   * How much is done in a round.
   *
   * @param sizes of meshes
   * @param writes in each mesh
   * @param periods for which the daemon is left alone
   * @param plans of each sort that count, and a quarter as many before that do not
   */
  record Effort(List<Integer> sizes, int writes, int periods, int plans) {
    static final Effort WHOLE = new Effort(SIZES, 40, 20, 100);
    static final Effort QUICK = new Effort(List.of(SMALLEST), 10, 20, 20);

    /** Copies the list. */
    Effort {
      sizes = List.copyOf(sizes);
    }
  }

  DirectoryBench(Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
  }

  /** Measures {@code count} rounds. */
  LinesReport run(int count) throws BenchProblem, IOException {
    Optional<String> missing = DirectoryServer.missing().or(DsconfWay::missing);
    if (missing.isPresent()) {
      throw new BenchProblem(missing.get());
    }
    for (int round = 1; round <= count; round++) {
      for (int size : effort.sizes()) {
        // Who comes first finds the machine as the one before left it.
        if (round % 2 == 1) {
          ours(size);
          theirs(size);
        } else {
          theirs(size);
          ours(size);
        }
        Line mesh = mesh(size);
        progress.printf(
            "%3d/%d  %-12s %6.1f s, dsconf %5.1f s, seen everywhere %5.1f s%n",
            round,
            count,
            mesh.title(),
            last(mesh.values()),
            last(mesh.others().getOrDefault(MADE, List.of())),
            last(mesh.others().getOrDefault(SEEN, List.of())));
      }
    }
    // Last: code that has run often is fast, and a mesh is made once.
    planning();
    return new LinesReport(NAME, List.copyOf(results.values()));
  }

  private static double last(List<Long> micros) {
    return micros.getLast() / 1e6;
  }

  private Line line(String title, String unit, Bar bar) {
    return results.computeIfAbsent(title, _ -> new Line(title, unit, bar));
  }

  private Line mesh(int size) {
    return line("mesh of " + size + ", proven", "ms", MESHES.getOrDefault(size, Bar.NONE));
  }

  private Line write(int size) {
    return line("write seen everywhere, mesh of " + size, "ms", Bar.NONE);
  }

  private Line recovery() {
    return line("kill -9, down 10 s: missed write after LDAP", "ms", new Bar(Held.P95, 1_000));
  }

  private void ours(int size) throws BenchProblem, IOException {
    try (DirectorySet set = DirectorySet.open(size);
        DirectoryHouse house = DirectoryHouse.open(set)) {
      prove(set, house);
      DirectoryLife life = new DirectoryLife(set);
      if (size == SMALLEST) {
        line("idle: operations a server and period", "ops", new Bar(Held.MEDIAN, 2))
            .values()
            .addAll(life.idle(effort.periods()));
      }
      if (size <= MOST_WRITERS) {
        write(size).values().addAll(life.writes(effort.writes()));
      }
      if (size == SMALLEST) {
        recovery().values().add(life.recovery());
        house.awaitSettled(set.nodes());
        line("live server of 3 removed, vectors clean", "ms", Bar.NONE)
            .values()
            .add(life.removal(house));
      }
    }
  }

  private void prove(DirectorySet set, DirectoryHouse house) throws BenchProblem, IOException {
    Line mesh = mesh(set.nodes().size());
    long wall = System.currentTimeMillis() * 1_000;
    long begun = System.nanoTime();
    house.name(set.nodes());
    house.awaitSettled(set.nodes());
    long settled = System.nanoTime();
    int asked = house.prove();
    long proven = System.nanoTime();
    set.check(0);
    mesh.values().add((proven - begun) / 1_000);
    mesh.part("1 named until build begins", house.beganMicros("build") - wall);
    mesh.part("2 build", house.endedMicros("build") - house.beganMicros("build"));
    mesh.part("3 settled, all in all", (settled - begun) / 1_000);
    mesh.part("4 prove", (proven - settled) / 1_000);
    if (asked > 1) {
      progress.printf("%s: the proof was asked for %d times%n", mesh.title(), asked);
    }
  }

  private void theirs(int size) throws BenchProblem, IOException {
    try (DirectorySet set = DirectorySet.open(size)) {
      DsconfWay way = new DsconfWay(set);
      Line mesh = mesh(size);
      long begun = System.nanoTime();
      way.make();
      mesh.other(MADE, (System.nanoTime() - begun) / 1_000);
      set.awaitConverged();
      mesh.other(SEEN, (System.nanoTime() - begun) / 1_000);
      set.check(size);
      DirectoryLife life = new DirectoryLife(set);
      if (size <= MOST_WRITERS) {
        for (long micros : life.writes(effort.writes())) {
          write(size).other(ITS_MESH, micros);
        }
      }
      if (size == SMALLEST) {
        recovery().other(ITS_MESH, life.recovery());
      }
    }
  }

  private void planning() throws BenchProblem {
    DirectoryPlanning planning = new DirectoryPlanning(DirectoryPlanning.MANY);
    String size = "plan %d x %d: ".formatted(DirectoryPlanning.MANY, DirectoryPlanning.DEGREE);
    if (!planning.settledVerdict().code().equals("healthy")) {
      throw new BenchProblem("all is well on paper, and not: " + planning.settledVerdict());
    }
    plans(size + "laid out anew, proven", () -> planning.layOut().survivesAnyLoss());
    plans(size + "one worked in, proven", () -> planning.workIn().survivesAnyLoss());
    plans(size + "all, nothing to do", () -> planning.settled().isEmpty());
    plans(
        size + "all, one has joined",
        () -> planning.joined().stream().anyMatch(each -> each.type().equals("relink")));
  }

  /** Something that is planned; whether what came out is what it should be. */
  @FunctionalInterface
  private interface Plan {
    boolean right();
  }

  private void plans(String title, Plan plan) throws BenchProblem {
    Line result = line(title, "ms", new Bar(Held.P95, 50));
    for (int i = -effort.plans() / 4; i < effort.plans(); i++) {
      long begun = System.nanoTime();
      boolean right = plan.right();
      long micros = (System.nanoTime() - begun) / 1_000;
      if (!right) {
        throw new BenchProblem(title + ": it comes to something else");
      }
      if (i >= 0) {
        result.values().add(micros);
      }
    }
    progress.printf("%-50s p50 %.1f ms%n", title, result.ours().p50());
  }
}
