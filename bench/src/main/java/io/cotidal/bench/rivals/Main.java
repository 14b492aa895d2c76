package io.cotidal.bench.rivals;

import io.cotidal.app.demo.DaemonLog;
import io.cotidal.bench.Machine;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** {@code bench/run failover-rivals}. */
public final class Main {
  static final String NAME = "failover-rivals";

  private Main() {}

  /**
   * Measures what is asked for, or shows what was measured. Exit code: 0 if that went well, for a
   * report if all bars are met; 1 if not; 2 usage.
   */
  public static void main(String[] args) {
    List<String> arguments = List.of(args).subList(Math.min(1, args.length), args.length);
    Optional<Asked> asked = Asked.of(arguments, new Random().nextInt(1_000_000));
    if (asked.isEmpty()) {
      System.err.print(Asked.USAGE);
      System.exit(2);
    }
    int exit = 1;
    try {
      Path root = Path.of(System.getProperty("cotidal.root", "."));
      Path results = Files.createDirectories(root.resolve("bench/results"));
      Kept kept = new Kept(results.resolve(NAME + ".ndjson"));
      String command = "bench/run " + NAME + " " + String.join(" ", arguments);
      exit =
          asked.orElseThrow().report()
              ? report(root, kept)
              : measure(root, asked.orElseThrow(), kept, command);
    } catch (IOException | SQLException | UncheckedIOException e) {
      System.err.println("bench: " + e.getMessage());
    }
    System.exit(exit);
  }

  private static int measure(Path root, Asked asked, Kept kept, String command)
      throws IOException, SQLException {
    for (Entry entry : asked.entries()) {
      Optional<String> missing = entry.missing();
      if (missing.isPresent()) {
        throw new IOException(entry.title() + ": " + missing.get());
      }
    }
    Path state = StateFolder.ofUser();
    DaemonLog.in(state);
    PrintStream progress = System.err;
    progress.println("seed " + asked.seed());
    List<Round> rounds;
    try (ServerRegistry registry = ServerRegistry.open(state, base());
        Series series = new Series(registry, asked, progress)) {
      rounds =
          series.run(
              () -> about(root, command),
              round -> {
                if (asked.kept()) {
                  kept.add(round);
                }
              });
    }
    System.out.print(new Findings(Contest.of(rounds)).table());
    return 0;
  }

  private static Path base() {
    String chosen = System.getenv().getOrDefault("COT_DEMO_DIR", "");
    return Path.of(chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen);
  }

  private static Map<String, String> about(Path root, String command) {
    try {
      Map<String, String> facts = Machine.now(root);
      facts.put("command", command);
      return facts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int report(Path root, Kept kept) throws IOException {
    Findings findings = new Findings(Contest.of(kept.all()));
    System.out.print(findings.table());
    String line = findings.json(about(root, "bench/run " + NAME + " --report"));
    Files.writeString(kept.file().resolveSibling(NAME + ".json"), line + "\n");
    System.out.println(line);
    return findings.met() ? 0 : 1;
  }
}
