package io.cotidal.app;

/** Entry point of {@code cot}. */
public final class Main {
  private Main() {}

  /**
   * Prints the version for {@code --version}, else the usage; anything unknown is a usage error.
   */
  public static void main(String[] args) {
    var command = args.length == 0 ? "--help" : args[0];
    switch (command) {
      case "--version" -> System.out.println("cot 0.1.0-SNAPSHOT");
      case "--help" -> System.out.println("usage: cot --version");
      default -> {
        System.err.println("cot: unknown command '" + command + "'; see cot --help");
        System.exit(2);
      }
    }
  }
}
