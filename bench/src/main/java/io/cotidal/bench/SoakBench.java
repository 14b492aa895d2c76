package io.cotidal.bench;

import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.FaultProxy;
import io.cotidal.lab.Prober;
import io.cotidal.lab.Target;
import io.cotidal.model.Operation;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether anything moves that must not: a cluster with which nothing is wrong, while every answer
 * on the way from members to the daemon takes half a second longer, then for half a minute a little
 * less than a look may take, and other processes want all of the machine's processors four times
 * over.
 */
final class SoakBench {
  static final String NAME = "soak";

  private static final String CONTROL = "127.0.0.2";
  private static final Duration DELAY = Duration.ofMillis(500);

  /** With this one some looks come in time, and some do not. */
  private static final Duration LESS = Duration.ofMillis(150);

  private static final Duration HALF = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int HUNGRY = 4;

  private final PrintStream progress;
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final Line moves =
      new Line("moves of a healthy primary, a minute", "", new Line.Bar(Line.Held.ZERO, 0));
  private final Line lost =
      new Line("acknowledged rows that are absent", "", new Line.Bar(Line.Held.ZERO, 0));
  private final Line gap = new Line("longest time without a write, a minute", "ms", Line.Bar.NONE);

  SoakBench(PrintStream progress) {
    this.progress = progress;
  }

  /** Watches for so many minutes. */
  LinesReport run(int minutes) throws BenchProblem, IOException, SQLException {
    Fleet.Watch watch = new Fleet.Watch(1, "200ms", CONTROL);
    try (Fleet fleet = Fleet.open(watch, this::delayed)) {
      fleet.create();
      Fleet.Cluster cluster = fleet.clusters().getFirst();
      try (Prober prober = Prober.start(cluster.members(), fleet.login(), 1)) {
        List<Process> hungry = starve(fleet);
        for (int minute = 1; minute <= minutes; minute++) {
          minute(fleet, cluster, prober);
          progress.printf(
              "%3d/%d  moves %d, longest gap %.0f ms%n",
              minute, minutes, moves.values().getLast() / 1_000, gap.values().getLast() / 1e3);
        }
        hungry.forEach(Process::destroyForcibly);
        delay(Duration.ZERO);
        compare(fleet, cluster, prober.acknowledgements());
      }
    } finally {
      for (FaultProxy proxy : proxies) {
        proxy.close();
      }
    }
    return new LinesReport(NAME, List.of(moves, lost, gap));
  }

  private void delayed(Fleet.Cluster cluster) throws IOException {
    for (Target member : cluster.members()) {
      proxies.add(
          new FaultProxy(
              new InetSocketAddress(InetAddress.ofLiteral(CONTROL), member.port()),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), member.port())));
    }
  }

  private void delay(Duration delay) {
    proxies.forEach(proxy -> proxy.delay(FaultProxy.Way.TO_CLIENT, delay));
  }

  private static List<Process> starve(Fleet fleet) throws IOException {
    List<Process> hungry = new ArrayList<>();
    for (int i = 0; i < HUNGRY * Runtime.getRuntime().availableProcessors(); i++) {
      hungry.add(
          fleet.start(new ProcessBuilder("yes").redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    }
    return hungry;
  }

  private void minute(Fleet fleet, Fleet.Cluster cluster, Prober prober) throws BenchProblem {
    long before = fleet.lastNumber(cluster);
    long begun = System.nanoTime();
    Map<String, Integer> verdicts = new TreeMap<>();
    for (Duration delay : List.of(DELAY, LESS)) {
      delay(delay);
      long since = System.nanoTime();
      while (System.nanoTime() - since < HALF.toNanos()) {
        Until.pass(LOOK);
        verdicts.merge(fleet.view(cluster).diagnosis().code(), 1, Integer::sum);
      }
    }
    List<Operation> made = fleet.moves(cluster, before);
    if (!made.isEmpty()) {
      fleet.story(cluster).forEach(progress::println);
    }
    moves.values().add(made.size() * 1_000L);
    Acknowledgements all = prober.acknowledgements();
    gap.values().add(all.gap(begun, System.nanoTime()).toNanos() / 1_000);
    progress.println("       verdicts at each second: " + verdicts);
  }

  private void compare(Fleet fleet, Fleet.Cluster cluster, Acknowledgements all)
      throws BenchProblem, IOException, SQLException {
    fleet.awaitWhole(Duration.ofMinutes(1));
    String primary =
        fleet.primary(cluster).orElseThrow(() -> new BenchProblem("there is no primary"));
    Target target =
        cluster.members().stream()
            .filter(each -> each.member().equals(primary))
            .findFirst()
            .orElseThrow();
    Set<Long> present = Prober.present(target, fleet.login(), 0);
    lost.values().add(all.lost(present) * 1_000);
  }
}
