package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.Interrupts;
import io.cotidal.cli.terminal.Programs;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.cli.terminal.Time;
import java.util.Map;

/** Everything outside that {@code cot} touches, but the server. */
public record Surroundings(
    Terminal terminal,
    Map<String, String> environment,
    Time time,
    Interrupts interrupts,
    Programs programs) {
  /** Copies the map. */
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  public static Surroundings system() {
    Map<String, String> environment = System.getenv();
    Interrupts interrupts = Interrupts.system();
    return new Surroundings(
        Terminal.system(environment),
        environment,
        Time.system(),
        interrupts,
        Programs.system(interrupts));
  }
}
