package io.cotidal.bench;

import io.cotidal.bench.Line.Bar;
import io.cotidal.bench.Line.Held;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.table.Stage;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.table.Target;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How much memory a JVM with the daemon's flags takes while it makes a table of an uncompressed
 * dump of two gigabytes. The JVM is a process of its own that does nothing else, and reads from the
 * kernel what it took at most.
 */
final class FeedsStream implements FeedsCell {
  private static final String HIGHEST = "VmHWM:";

  private final FeedsBench.Effort effort;
  private final PrintStream progress;
  private final Line line;

  FeedsStream(FeedsBench.Effort effort, PrintStream progress) {
    this.effort = effort;
    this.progress = progress;
    this.line = new Line("resident memory while a dump streams", "MB", new Bar(Held.MEDIAN, 150));
  }

  @Override
  public List<Line> run(int rounds) throws BenchProblem, IOException, SQLException {
    try (FeedsGround ground = FeedsGround.withParcels(1)) {
      // A polygon of 201 points is 6.5 kB in a dump.
      ground.execute(
          FeedsGround.MASTER,
          """
          CREATE TABLE sites_data.coast (id integer PRIMARY KEY, geom geometry(Polygon,4326));
          INSERT INTO sites_data.coast SELECT g,
            ST_Buffer(ST_SetSRID(ST_MakePoint(g %% 360 - 180, g / 360 %% 180 - 90), 4326), 0.4, 50)
            FROM generate_series(1, %d) g;
          CREATE INDEX coast_geom ON sites_data.coast USING gist (geom);
          """
              .formatted(effort.streamed() * 1_000_000 / 6_500));
      Path dump = ground.dump("coast", 0);
      ground.execute(FeedsGround.MASTER, "DROP TABLE sites_data.coast");
      for (int round = 1; round <= Math.min(rounds, effort.streams()); round++) {
        long begun = System.nanoTime();
        line.values().add(highest(ground, dump, "g" + round));
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        line.part("size of the dump", Files.size(dump) / 1_000);
        progress.printf(
            "%3d  a dump of %d MB in %d s: %.1f MB%n",
            round, Files.size(dump) / 1_000_000, seconds, line.values().getLast() / 1e3);
        ground.micros(at ->
            at.drop(
                new Target(FeedsGround.SITES, "coast"),
                "g" + line.values().size(),
                ground.deadline()));
      }
    }
    return List.of(line);
  }

  /** Kilobytes of a thousand bytes. */
  private static long highest(FeedsGround ground, Path dump, String generation)
      throws BenchProblem, IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FeedsStream.class.getName());
    command.add(Integer.toString(ground.postgis().port()));
    command.addAll(List.of(dump.toString(), generation, ground.folder().toString()));
    Path printed = ground.folder().resolve("stream.log");
    Process child =
        ground
            .registry()
            .start(
                new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile()));
    try (var in = child.outputWriter(StandardCharsets.UTF_8)) {
      in.write(ground.postgis().password().reveal() + "\n");
    }
    try {
      if (child.waitFor() != 0) {
        throw new BenchProblem("the stream broke off: " + Files.readString(printed));
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      throw new BenchProblem("ended before it was done, as asked", e);
    }
    return Files.readAllLines(printed).stream()
        .filter(text -> text.startsWith(HIGHEST))
        .map(text -> Long.parseLong(text.replaceAll("\\D", "")) * 1_024 / 1_000)
        .findFirst()
        .orElseThrow(() -> new BenchProblem("the kernel does not say " + HIGHEST));
  }

  /**
   * The process that is looked at.
   *
   * @param args port of the server, dump, generation, a folder; the password is read from the input
   */
  public static void main(String[] args) throws IOException, TableException, InterruptedException {
    Secret password;
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      password = new Secret(String.valueOf(in.readLine()));
    }
    Deadline deadline = Deadline.in(Duration.ofMinutes(30));
    Tables tables =
        new Tables(
            FeedsGround.database(Integer.parseInt(args[0]), password),
            new LocalProcesses(),
            Files.createTempDirectory(Path.of(args[3]), "stream"));
    tables.prepare(
        new Body.Workspace(FeedsGround.SITES, Body.Access.EVERYBODY, true, true), deadline);
    Target coast = new Target(FeedsGround.SITES, "coast");
    tables.stage(new Stage(coast, Path.of(args[1]), args[2], args[2]), deadline);
    for (String each : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (each.startsWith(HIGHEST)) {
        System.out.println(each);
      }
    }
  }
}
