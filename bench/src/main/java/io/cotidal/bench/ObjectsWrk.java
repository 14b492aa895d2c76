package io.cotidal.bench;

import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code wrk}, which asks one thing again and again on many connections. */
final class ObjectsWrk {
  private static final Path PROGRAM = Path.of("/usr/bin/wrk");
  private static final String MARK = "measured:";

  private final Path script;

  /** Its file lies in that folder. */
  ObjectsWrk(Path folder) throws BenchProblem, IOException {
    if (!Files.isExecutable(PROGRAM)) {
      throw new BenchProblem("wrk is not installed: apt-get install wrk");
    }
    script = folder.resolve("report.lua");
    Files.writeString(
        script,
        """
        done = function(summary, latency, requests)
          local e = summary.errors
          io.write(string.format("%s %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
            e.connect + e.read + e.write + e.status + e.timeout,
            latency:percentile(50), latency:percentile(95)))
        end
        """
            .formatted(MARK));
  }

  /**
   * What came of it.
   *
   * @param micros how long it went on
   * @param errors requests that failed
   * @param p50 microseconds that half of the requests took at most
   * @param p95 microseconds that 95 of a hundred took at most
   */
  record Told(long requests, long micros, long errors, long p50, long p95) {
    /** Thousandths of a request a second. */
    long rate() {
      return requests * 1_000_000_000 / micros;
    }
  }

  /** Asks a server for a path on so many connections. */
  Told run(ObjectsProcess server, String path, int connections, Duration time)
      throws BenchProblem, IOException {
    String output =
        Command.output(
            Program.of(
                "",
                List.of(
                    PROGRAM.toString(),
                    "-t1",
                    "-c" + connections,
                    "-d" + time.toSeconds() + "s",
                    "-s",
                    script.toString(),
                    "http://127.0.0.1:" + server.port() + path)));
    Told told = read(output);
    if (told.errors() > 0 || told.requests() == 0) {
      throw new BenchProblem(server.name() + " failed requests: " + told);
    }
    return told;
  }

  /** Reads what the script has printed. */
  static Told read(String output) throws BenchProblem {
    for (String line : output.lines().toList()) {
      if (line.startsWith(MARK)) {
        String[] words = line.substring(MARK.length()).strip().split(" ");
        return new Told(
            Long.parseLong(words[0]),
            Long.parseLong(words[1]),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Long.parseLong(words[4]));
      }
    }
    throw new BenchProblem("wrk says nothing: " + output.strip());
  }
}
