package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.engine.Driver;
import io.cotidal.lab.swift.RawAnswer;
import io.cotidal.lab.swift.RawBody;
import io.cotidal.lab.swift.RawHeader;
import io.cotidal.lab.swift.SwiftDaemon;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.plan.Acts;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Many small objects from one site to another: by Cotidal, by Swift's own daemon, by rclone as it
 * is usual and, without a promise, with as many transfers as Cotidal has, in turns, each with a
 * container of its own. The other site is near, or 50 ms there and back; a connection is made
 * without that way, which spares those most that make one for each object.
 */
final class ObjectsMover implements ObjectsCell {
  private static final Path RCLONE = Path.of("/usr/bin/rclone");
  private static final String SYNC = "container-sync";
  private static final String USUAL = "rclone";
  private static final String WIDE = "rclone-16";
  private static final int SIZE = 1_024;
  private static final int MOST_PASSES = 20;
  private static final int FILLING = 8;

  private final ObjectsBench.Effort effort;
  private final PrintStream progress;
  private final List<Way> ways = new ArrayList<>();

  /** How far the other site is. */
  private record Way(Duration roundTrip, Line line) {}

  /** Something that moves all objects of a container. */
  @FunctionalInterface
  private interface Mover {
    void move(String container) throws BenchProblem, IOException;
  }

  ObjectsMover(ObjectsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    String rival = Files.isExecutable(RCLONE) ? "" : ", rival absent: rclone";
    for (Map.Entry<Integer, Double> each : new TreeMap<>(Map.of(0, 2.0, 50, 5.0)).entrySet()) {
      String title =
          "%d objects of 1 KiB moved, %d ms round trip%s"
              .formatted(effort.objects(), each.getKey(), rival);
      Bar bar = new Bar(Held.LEAST, each.getValue(), Set.of(SYNC, USUAL));
      ways.add(new Way(Duration.ofMillis(each.getKey()), new Line(title, "1/s", bar)));
    }
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException {
    try (ObjectsHouse house = ObjectsHouse.open(2);
        Driver<ObjectsFacts> driver = house.driver("mover")) {
      house.roundTrip(Duration.ZERO);
      long _ = moved(house, "warm", 10, box -> ours(house, driver, box));
      for (int round = 1; round <= Math.min(rounds, effort.moves()); round++) {
        for (Way way : ways) {
          round(house, driver, way, round);
        }
      }
    }
    return ways.stream().map(Way::line).toList();
  }

  private void round(ObjectsHouse house, Driver<ObjectsFacts> driver, Way way, int round)
      throws BenchProblem, IOException {
    Map<String, Mover> movers = new TreeMap<>();
    movers.put("cotidal", box -> ours(house, driver, box));
    movers.put(SYNC, box -> sync(house, box));
    if (Files.isExecutable(RCLONE)) {
      movers.put(USUAL, box -> rclone(house, box, List.of()));
      movers.put(WIDE, box -> rclone(house, box, List.of("--transfers", "16", "--checkers", "16")));
    }
    for (Map.Entry<String, Mover> each : movers.entrySet()) {
      String box = "%s-%d-%d".formatted(each.getKey(), way.roundTrip().toMillis(), round);
      house.roundTrip(way.roundTrip());
      long micros = moved(house, box, effort.objects(), each.getValue());
      long rate = effort.objects() * 1_000_000_000L / micros;
      progress.printf(
          "%3d  %-14s %2d ms: %.1f objects a second%n",
          round, each.getKey(), way.roundTrip().toMillis(), rate / 1e3);
      if (each.getKey().equals("cotidal")) {
        way.line().values().add(rate);
      } else {
        way.line().other(each.getKey(), rate);
      }
    }
  }

  /** Microseconds; all objects must be there then. */
  private static long moved(ObjectsHouse house, String box, int count, Mover mover)
      throws BenchProblem, IOException {
    SwiftUser east = house.user(0);
    SwiftUser west = house.user(1);
    RawHeader key = RawHeader.of("X-Container-Sync-Key", "key-of-the-bench");
    RawHeader to =
        RawHeader.of("X-Container-Sync-To", "//bench/west/" + ObjectsHouse.ACCOUNT + "/" + box);
    made(west.put("/" + box, key));
    made(box.startsWith(SYNC) ? east.put("/" + box, key, to) : east.put("/" + box, key));
    byte[] bytes = "x".repeat(SIZE).getBytes(StandardCharsets.US_ASCII);
    ObjectsCrew.each(
        count,
        FILLING,
        number -> made(east.put("/%s/o%05d".formatted(box, number), RawBody.of(bytes))));
    long begun = System.nanoTime();
    mover.move(box);
    long micros = (System.nanoTime() - begun) / 1_000;
    int there = west.names("/" + box).size();
    if (there != count) {
      throw new BenchProblem("%s: %d of %d objects came".formatted(box, there, count));
    }
    return micros;
  }

  private static void made(RawAnswer answer) throws BenchProblem {
    if (answer.status() != 201 && answer.status() != 202) {
      throw new BenchProblem("a site does not take what is to be moved: " + answer);
    }
  }

  private static void ours(ObjectsHouse house, Driver<ObjectsFacts> driver, String box)
      throws BenchProblem {
    long _ = house.act(driver, Acts.CONVERGE, box);
  }

  /** Its program is loaded already; a pass leaves what it has no time for to the next one. */
  private static void sync(ObjectsHouse house, String box) throws BenchProblem, IOException {
    List<String> wanted = house.user(0).names("/" + box);
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      house.here().once(SwiftDaemon.CONTAINER_SYNC);
      if (house.user(1).names("/" + box).equals(wanted)) {
        return;
      }
    }
    throw new BenchProblem(SYNC + " does not come to an end");
  }

  private static void rclone(ObjectsHouse house, String box, List<String> options)
      throws BenchProblem, IOException {
    Map<String, String> environment = new TreeMap<>();
    remote(environment, "EAST", house.here().port());
    remote(environment, "WEST", house.way(1).port());
    environment.put("RCLONE_CONFIG", "/dev/null");
    List<String> line = new ArrayList<>(List.of(RCLONE.toString(), "sync"));
    line.addAll(options);
    line.addAll(List.of("east:" + box, "west:" + box));
    long _ = Command.run(Program.of("", line).with(environment));
  }

  private static void remote(Map<String, String> environment, String name, int port) {
    String prefix = "RCLONE_CONFIG_" + name + "_";
    SwiftLogin login = SwiftLogin.TESTER;
    environment.put(prefix + "TYPE", "swift");
    environment.put(prefix + "AUTH", "http://127.0.0.1:" + port + "/auth/v1.0");
    environment.put(prefix + "USER", login.name());
    environment.put(prefix + "KEY", login.key().reveal());
  }
}
