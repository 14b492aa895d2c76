package io.cotidal.app;

import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.nio.file.Path;
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

  private final Map<String, String> environment;

  /** The command in a process of that environment. */
  public ConfigExplain(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return "config explain";
  }

  @Override
  public String summary() {
    return "Show every setting in force and where it came from";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      return ExitCode.OK.number();
    }
    Flags flags;
    try {
      flags = Flags.parse(arguments);
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot config explain --help");
      return ExitCode.USAGE.number();
    }
    Loaded loaded =
        new ConfigurationReader(flags.others(), environment, Path.of("").toAbsolutePath())
            .read(flags.config());
    return switch (loaded) {
      case Loaded.Invalid invalid -> {
        invalid.problems().forEach(problem -> terminal.err().println("cot: " + problem));
        yield ExitCode.USAGE.number();
      }
      case Loaded.Valid valid -> {
        terminal.out().println(valid.configuration().explain());
        yield ExitCode.OK.number();
      }
    };
  }
}
