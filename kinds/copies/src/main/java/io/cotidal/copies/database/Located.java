package io.cotidal.copies.database;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for programs and asks them for their version. */
final class Located {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Located() {}

  /** The first of the names that is a program in one of the folders. */
  static Optional<Path> program(List<Path> folders, String... names) {
    for (Path folder : folders) {
      for (String name : names) {
        Path file = folder.resolve(name);
        if (Files.isExecutable(file) && Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * What the program says of itself, matched.
   *
   * @throws EngineException if it says something else
   */
  static Matcher version(LocalProcesses processes, List<String> command, Pattern pattern)
      throws EngineException {
    Path output = null;
    try {
      output = Files.createTempFile("cotidal-version", ".txt");
      LocalProcesses.Result result =
          processes.run(Program.of("", command), output, started -> {}, Deadline.in(PATIENCE));
      Matcher matcher = pattern.matcher(result.output());
      if (result.exit() == 0 && matcher.find()) {
        return matcher;
      }
      throw new EngineException(
          command.getFirst() + " is another program: " + Complaints.bounded(result.output()));
    } catch (IOException e) {
      throw new EngineException(command.getFirst() + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(command.getFirst() + ": interrupted", e);
    }
  }
}
