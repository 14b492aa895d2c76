package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/**
 * A kilobyte, asked for on 32 connections that are kept, through the gateway, nginx and HAProxy in
 * turns; beside them without any proxy.
 */
final class ObjectsSmall implements ObjectsCell {
  private static final int CONNECTIONS = 32;
  private static final String SIZE = "1 KiB GET, 32 connections: ";
  private static final Set<String> NGINX = Set.of(ObjectsWeb.NGINX);

  private final ObjectsBench.Effort effort;
  private final PrintStream progress;
  private final Line cpu =
      new Line(SIZE + "CPU a request" + ObjectsWeb.absent(), "us", new Bar(Held.RATIO, 1.6, NGINX));
  private final Line rate =
      new Line(SIZE + "requests a second", "1/s", new Bar(Held.LEAST, 0.75, NGINX));
  private final Line half = new Line(SIZE + "latency, p50", "us", Bar.NONE);
  private final Line most = new Line(SIZE + "latency, p95", "us", Bar.NONE);

  ObjectsSmall(ObjectsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException {
    try (ObjectsWeb web = ObjectsWeb.open(1)) {
      ObjectsWrk wrk = new ObjectsWrk(web.folder());
      var _ = wrk.run(web.gateway(), ObjectsWeb.SMALL, CONNECTIONS, effort.warmUp());
      for (int round = 1; round <= rounds; round++) {
        for (ObjectsProcess each : web.proxies()) {
          one(wrk, each, each.name().equals(ObjectsWeb.GATEWAY), round);
        }
        ObjectsWrk.Told direct =
            wrk.run(web.site(), ObjectsWeb.SMALL, CONNECTIONS, effort.window());
        rate.other("no proxy", direct.rate());
        half.other("no proxy", direct.p50() * 1_000);
        most.other("no proxy", direct.p95() * 1_000);
      }
    }
    return List.of(cpu, rate, half, most);
  }

  private void one(ObjectsWrk wrk, ObjectsProcess server, boolean ours, int round)
      throws BenchProblem, IOException {
    long before = server.cpuMicros();
    ObjectsWrk.Told told = wrk.run(server, ObjectsWeb.SMALL, CONNECTIONS, effort.window());
    long each = (server.cpuMicros() - before) * 1_000 / told.requests();
    progress.printf(
        "%3d  %-8s %7.1f us a request, %8.0f requests a second, p95 %d us%n",
        round, server.name(), each / 1e3, told.rate() / 1e3, told.p95());
    add(cpu, server, ours, each);
    add(rate, server, ours, told.rate());
    add(half, server, ours, told.p50() * 1_000);
    add(most, server, ours, told.p95() * 1_000);
  }

  private static void add(Line line, ObjectsProcess server, boolean ours, long thousandths) {
    if (ours) {
      line.values().add(thousandths);
    } else {
      line.other(server.name(), thousandths);
    }
  }
}
