package io.cotidal.lab;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs Git and Mercurial in a master's repository, with nobody's settings. */
final class VersionControl {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalProcesses processes = new LocalProcesses();
  private final Path folder;
  private final String account;
  private final SortedMap<String, String> environment;

  /**
   * Makes one.
   *
   * @param account as whom; empty for the user of this process
   */
  VersionControl(Path folder, String account, Map<String, String> environment) {
    this.folder = folder;
    this.account = account;
    this.environment = new TreeMap<>(environment);
  }

  /** What it prints; fails if it does. */
  String run(List<String> line, byte[] input) throws IOException {
    Path in = Files.createTempFile("cotidal-lab", ".in");
    Path out = Files.createTempFile("cotidal-lab", ".out");
    try {
      Files.write(in, input);
      Program program = new Program(line, environment, in, folder, account);
      LocalProcesses.Result result =
          processes.run(program, out, started -> {}, Deadline.in(PATIENCE));
      if (result.exit() != 0) {
        throw new IOException(String.join(" ", line) + " failed: " + result.output());
      }
      return result.output();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + line.getFirst(), e);
    } finally {
      Files.deleteIfExists(in);
      Files.deleteIfExists(out);
    }
  }

  /** Writes a file of the working tree, and the folders above it. */
  void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, text);
  }
}
