package io.cotidal.postgres.steps;

/** Why a program failed, out of what it printed. */
final class Complaint {
  private Complaint() {}

  /** The first line that names an error; the last one if none does. */
  static String of(String printed) {
    return printed
        .lines()
        .filter(Complaint::serious)
        .findFirst()
        .orElse(printed.lines().reduce((a, b) -> b).orElse("no output"))
        .strip();
  }

  private static boolean serious(String line) {
    return line.contains("rror:")
        || line.contains("FATAL:")
        || line.contains("PANIC:")
        || line.contains("ERROR:");
  }
}
