package io.cotidal.app;

import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;

/**
 * {@code cot config explain}: every value that {@code cot serve} would use, with where it came
 * from.
 */
public final class ConfigExplain implements LocalCommand {
  private static final String HELP =
      """
      usage: cot config explain [--config FILE] [--listen HOST:PORT] [--store sqlite:FILE] [--metrics-anonymous true|false]

      Prints every value that cot serve would use with the same flags, and where it came from: flag, environment, file
      or default. Secrets are not shown, only where they lie. Faults are listed all at once, and the exit code is 2.
      """;

  private final ConfiguredCommand command;

  /** The command in a process of that environment. */
  public ConfigExplain(Map<String, String> environment) {
    command = new ConfiguredCommand("config explain", HELP, environment);
  }

  @Override
  public String name() {
    return command.name();
  }

  @Override
  public String summary() {
    return "Show every setting in force and where it came from";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    return command.run(
        arguments,
        terminal,
        configuration -> {
          terminal.out().println(configuration.explain());
          return ExitCode.OK;
        });
  }
}
