package io.cotidal.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/**
 * What it costs to look once a second at each member of many real clusters with which nothing is
 * wrong. The daemon runs in this JVM, which does nothing else meanwhile; the servers do not count.
 */
final class WatchingBench {
  static final String NAME = "watching";

  private static final Fleet.Watch WHOLE = new Fleet.Watch(100, "1s", "127.0.0.1");

  /** As many looks, at fewer servers. */
  private static final Fleet.Watch QUICK = new Fleet.Watch(5, "50ms", "127.0.0.1");

  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration SETTLING = Duration.ofSeconds(60);

  private final PrintStream progress;
  private final Line cpu =
      new Line("CPU of the daemon, of one core", "%", new Line.Bar(Line.Held.P95, 15));
  private final Line heap = new Line("heap in use", "MiB", new Line.Bar(Line.Held.P95, 256));
  private final Line looks = new Line("transactions a second at one primary", "", Line.Bar.NONE);

  WatchingBench(PrintStream progress) {
    this.progress = progress;
  }

  /** Measures for so many windows of ten seconds. */
  LinesReport run(int windows, boolean quick) throws BenchProblem, IOException, SQLException {
    Fleet.Watch watch = quick ? QUICK : WHOLE;
    try (Fleet fleet = Fleet.open(watch, cluster -> {})) {
      progress.println("making " + watch.clusters() + " clusters of three ...");
      fleet.create();
      progress.println("they are whole");
      Until.pass(SETTLING);
      fleet.awaitWhole(Duration.ofMinutes(1));
      for (int window = 1; window <= windows; window++) {
        window(fleet);
        progress.printf(
            "%3d/%d  %.1f %%, %.0f MiB, %.1f transactions a second at a primary%n",
            window,
            windows,
            cpu.values().getLast() / 1e3,
            heap.values().getLast() / 1e3,
            looks.values().getLast() / 1e3);
      }
      fleet.awaitWhole(Duration.ofSeconds(10));
    }
    return new LinesReport(NAME, List.of(cpu, heap, looks));
  }

  private void window(Fleet fleet) throws BenchProblem, SQLException {
    long transactions = transactions(fleet);
    long begun = System.nanoTime();
    long used = processor();
    Until.pass(WINDOW);
    double cores = (double) (processor() - used) / (System.nanoTime() - begun);
    double seconds = (System.nanoTime() - begun) / 1e9;
    // Two of the transactions are the question itself.
    double each = (transactions(fleet) - transactions - 2) / seconds;
    cpu.values().add(Math.round(cores * 100 * 1e3));
    heap.values().add((heapUsed() * 1_000) >> 20);
    looks.values().add(Math.round(each * 1e3));
  }

  private static long processor() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** With what nobody refers to any more: what the process needs, not what is alive. */
  private static long heapUsed() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** That the primary of the last cluster has ended so far: looks show there. */
  private static long transactions(Fleet fleet) throws BenchProblem, SQLException {
    Fleet.Cluster last = fleet.clusters().getLast();
    String primary =
        fleet.primary(last).orElseThrow(() -> new BenchProblem(last.id() + " has no primary"));
    int port =
        last.members().stream()
            .filter(each -> each.member().equals(primary))
            .findFirst()
            .orElseThrow()
            .port();
    Properties properties = new Properties();
    properties.setProperty("user", fleet.login().user());
    properties.setProperty("password", fleet.login().password().reveal());
    properties.setProperty("sslmode", "disable");
    properties.setProperty("socketTimeout", "10");
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + fleet.login().database(),
                properties);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT sum(xact_commit)::bigint FROM pg_stat_database")) {
      row.next();
      return row.getLong(1);
    }
  }
}
