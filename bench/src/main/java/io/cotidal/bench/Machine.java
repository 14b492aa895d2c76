package io.cotidal.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and when a measurement was made. */
public final class Machine {
  private Machine() {}

  /** Date, commit, cores and load averages. */
  public static Map<String, String> now(Path root) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("commit", commit(root));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("load", load());
    return facts;
  }

  /** Load averages of the last 1, 5 and 15 minutes. */
  public static String load() throws IOException {
    String[] words = Files.readString(Path.of("/proc/loadavg")).split(" ");
    return words[0] + " " + words[1] + " " + words[2];
  }

  private static String commit(Path root) throws IOException {
    Process git =
        new ProcessBuilder("git", "describe", "--always", "--abbrev=12", "--dirty")
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var reader = git.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      return line == null ? "unknown" : line.strip();
    }
  }
}
