package io.cotidal.cli.terminal;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Runs other programs in the place of {@code cot}, on its own streams. */
public interface Programs {
  /**
   * Runs a program to its end. Nothing passes through a shell.
   *
   * @param words the program and its arguments; never a secret: every user of the machine sees them
   * @param environment what is laid over this process's environment
   * @return its exit status
   * @throws IOException if there is no such program
   * @throws InterruptedException if the thread is interrupted; the program goes on
   */
  int run(List<String> words, Map<String, String> environment)
      throws IOException, InterruptedException;

  /** Those of this machine. */
  static Programs system(Interrupts interrupts) {
    return (words, environment) -> {
      ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
      builder.environment().putAll(environment);
      Process process = builder.start();
      // Ctrl-C is the program's business: it reaches both, and this process stays until the other
      // has ended.
      try (Interrupts.Watch _ = interrupts.onInterrupt(() -> process.onExit().join())) {
        return process.waitFor();
      }
    };
  }
}
