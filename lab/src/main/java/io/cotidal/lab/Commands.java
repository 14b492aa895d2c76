package io.cotidal.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short commands to their end. */
public final class Commands {
  private static final int MOST_SECONDS = 120;

  private Commands() {}

  /**
   * Runs a command.
   *
   * @return what it printed
   * @throws IOException if it failed or took too long; with what it printed
   */
  public static String run(List<String> line) throws IOException {
    Path output = Files.createTempFile("cotidal-lab", ".out");
    try {
      Process process =
          new ProcessBuilder(line)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      boolean ended = ended(process);
      String text = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", line) + (ended ? " failed: " : " took too long: ") + text);
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }

  private static boolean ended(Process process) throws IOException {
    try {
      return process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + process.info(), e);
    } finally {
      process.destroyForcibly();
    }
  }
}
