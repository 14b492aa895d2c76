package io.cotidal.bench;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs programs of rivals to their end. */
final class Command {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private Command() {}

  /** As this process's user, without input. */
  static void run(List<String> arguments) throws IOException, BenchProblem {
    run("", arguments, null);
  }

  /** Milliseconds that it took. */
  static long run(String user, List<String> arguments, @Nullable Path input)
      throws IOException, BenchProblem {
    Program program = Program.of(user, arguments);
    return run(input == null ? program : program.reading(input));
  }

  /** Milliseconds that it took. */
  static long run(Program program) throws IOException, BenchProblem {
    long begun = System.nanoTime();
    String _ = output(program);
    return (System.nanoTime() - begun) / 1_000_000;
  }

  /** What it has printed. */
  static String output(Program program) throws IOException, BenchProblem {
    try {
      LocalProcesses.Result result =
          new LocalProcesses()
              .run(
                  program,
                  Files.createTempFile("cotidal-bench", ".out"),
                  started -> {},
                  Deadline.in(PATIENCE));
      if (result.exit() != 0) {
        throw new BenchProblem(String.join(" ", program.arguments()) + ": " + result.output());
      }
      return result.output();
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }
}
