package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** Large bodies on one connection, each way, through the gateway, nginx and HAProxy in turns. */
final class ObjectsLarge implements ObjectsCell {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private final ObjectsBench.Effort effort;
  private final PrintStream progress;
  private final Way down;
  private final Way up;
  private final Line memory = new Line("memory of the gateway meanwhile, at most", "MB", Bar.NONE);

  /** A direction. */
  private record Way(String method, boolean up, Line cpu, Line rate) {
    static Way of(String method, boolean up, long mib) {
      String title = mib + " MiB " + method + ": ";
      Set<String> nginx = Set.of(ObjectsWeb.NGINX);
      return new Way(
          method,
          up,
          new Line(title + "CPU a GiB" + ObjectsWeb.absent(), "ms", new Bar(Held.RATIO, 1, nginx)),
          new Line(title + "MiB a second", "1/s", new Bar(Held.LEAST, 1, nginx)));
    }
  }

  ObjectsLarge(ObjectsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    this.down = Way.of("GET", false, effort.large() / MIB);
    this.up = Way.of("PUT", true, effort.large() / MIB);
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException {
    try (ObjectsWeb web = ObjectsWeb.open(effort.large())) {
      warmUp(web);
      for (int round = 1; round <= rounds; round++) {
        memory.part("before", web.gateway().resident());
        web.gateway().forgetPeak();
        for (Way way : List.of(down, up)) {
          for (ObjectsProcess each : web.proxies()) {
            one(each, way, each.name().equals(ObjectsWeb.GATEWAY), round);
          }
          way.rate().other("no proxy", rate(move(web.site(), way, effort.times())));
        }
        memory.values().add(web.gateway().peak());
        memory.part("after", web.gateway().resident());
      }
    }
    return List.of(down.cpu(), down.rate(), up.cpu(), up.rate(), memory);
  }

  /** Java makes code of what is used much; the others are as they are from the first body on. */
  private void warmUp(ObjectsWeb web) throws BenchProblem, IOException {
    for (ObjectsProcess each : web.proxies()) {
      long _ = move(each, down, 1) + move(each, up, 1);
    }
    // What it does for a request is code by then, too: large bodies are few.
    small(web.gateway());
    long end = System.nanoTime() + effort.warmUp().toNanos();
    while (System.nanoTime() < end) {
      long _ = move(web.gateway(), down, 1) + move(web.gateway(), up, 1);
    }
  }

  private void small(ObjectsProcess server) throws BenchProblem, IOException {
    try (ObjectsStream stream = new ObjectsStream(server.port())) {
      for (int i = 0; i < effort.requests(); i++) {
        long _ = stream.get(ObjectsWeb.SMALL);
      }
    }
  }

  private void one(ObjectsProcess server, Way way, boolean ours, int round)
      throws BenchProblem, IOException {
    long before = server.cpuMicros();
    long nanos = move(server, way, effort.times());
    long micros = server.cpuMicros() - before;
    double bytes = (double) effort.large() * effort.times();
    long cpu = Math.round(micros * GIB / bytes);
    long rate = rate(nanos);
    progress.printf(
        "%3d  %-8s %s %6.1f ms of CPU a GiB, %6.1f MiB a second%n",
        round, server.name(), way.method(), cpu / 1e3, rate / 1e3);
    if (ours) {
      way.cpu().values().add(cpu);
      way.rate().values().add(rate);
    } else {
      way.cpu().other(server.name(), cpu);
      way.rate().other(server.name(), rate);
    }
  }

  /** Thousandths of a MiB a second. */
  private long rate(long nanos) {
    return Math.round((double) effort.large() * effort.times() * 1e12 / MIB / nanos);
  }

  /** Nanoseconds that it took. */
  private long move(ObjectsProcess server, Way way, int times) throws BenchProblem, IOException {
    long begun = System.nanoTime();
    try (ObjectsStream stream = new ObjectsStream(server.port())) {
      for (int i = 0; i < times; i++) {
        if (way.up()) {
          stream.put(ObjectsWeb.WRITTEN, effort.large());
        } else if (stream.get(ObjectsWeb.LARGE) != effort.large()) {
          throw new BenchProblem(server.name() + " has cut a body short");
        }
      }
    }
    return System.nanoTime() - begun;
  }
}
