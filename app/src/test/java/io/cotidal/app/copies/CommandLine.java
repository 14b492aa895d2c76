package io.cotidal.app.copies;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.Cli;
import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.commands.Surroundings;
import io.cotidal.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code cot} with an environment of its own.
 *
 * @param environment of the process
 * @param local commands beside those that speak to a daemon
 */
public record CommandLine(Map<String, String> environment, List<LocalCommand> local) {
  /** What a run came to. */
  public record Result(int exit, String out, String err) {}

  /** Without them. */
  public CommandLine(Map<String, String> environment) {
    this(environment, List.of());
  }

  /** Runs it with these words. */
  public Result run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 80);
    Map<String, String> whole = new HashMap<>(Map.of("HOME", "/nonexistent"));
    whole.putAll(environment);
    Surroundings system = Surroundings.system();
    Surroundings own =
        new Surroundings(terminal, whole, system.time(), system.interrupts(), system.programs());
    int exit = new Cli(own, new Catalogue("test", Kinds::actions, local)).run(words);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
