package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.spec.Promise;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a client waits for a new container: at the site itself, and through gateways that
 * promise it at this site, at most sites, at all of three; the others are near, or 20 ms there and
 * back.
 */
final class ObjectsPromise implements ObjectsCell {
  private static final String DIRECT = "no gateway";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final List<Duration> WAYS = List.of(Duration.ZERO, Duration.ofMillis(20));

  private final ObjectsBench.Effort effort;
  private final PrintStream progress;
  private final Map<String, Line> lines = new LinkedHashMap<>();

  ObjectsPromise(ObjectsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    for (Duration way : WAYS) {
      for (Promise promise : Promise.values()) {
        String title =
            "container PUT, %d ms to other sites: %s".formatted(way.toMillis(), promise.word());
        lines.put(key(way, promise), new Line(title, "ms", Bar.NONE));
      }
    }
  }

  private static String key(Duration way, Promise promise) {
    return way + promise.word();
  }

  private Line line(Duration way, Promise promise) throws BenchProblem {
    Line line = lines.get(key(way, promise));
    if (line == null) {
      throw new BenchProblem("there is no line for " + promise);
    }
    return line;
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException {
    try (ObjectsHouse house = ObjectsHouse.open(3)) {
      for (int round = 1; round <= rounds; round++) {
        for (Duration way : WAYS) {
          house.roundTrip(way);
          round(house, way, round);
        }
      }
    }
    return List.copyOf(lines.values());
  }

  private void round(ObjectsHouse house, Duration way, int round) throws BenchProblem, IOException {
    for (Promise promise : Promise.values()) {
      Line line = line(way, promise);
      String name = "%s-%d-%d".formatted(promise.word(), way.toMillis(), round);
      SwiftUser direct = house.user(0);
      try (ObjectsGate gate = ObjectsGate.open(house, name, promise)) {
        SwiftUser through = gate.user();
        long _ = put(through, "/" + name + "-first");
        for (int i = 0; i < effort.puts(); i++) {
          line.other(DIRECT, put(direct, "/" + name + "-direct-" + i));
          line.values().add(put(through, "/" + name + "-" + i));
          // What follows the answer must not be in the way of the next one.
          Until.holds("nothing waits", PATIENCE, LOOK, () -> gate.waiting() == 0);
        }
      }
      progress.printf(
          "%3d  %-6s %2d ms: p50 %.1f ms, without a gateway %.1f ms%n",
          round,
          promise.word(),
          way.toMillis(),
          line.ours().p50(),
          line.rivals().values().iterator().next().p50());
    }
  }

  /** Microseconds. */
  private static long put(SwiftUser user, String path) throws BenchProblem, IOException {
    String token = user.token();
    long begun = System.nanoTime();
    RawAnswer answer = user.put(path);
    long micros = (System.nanoTime() - begun) / 1_000;
    if (answer.status() != 201 || token.isEmpty()) {
      throw new BenchProblem("PUT " + path + ": " + answer);
    }
    return micros;
  }
}
